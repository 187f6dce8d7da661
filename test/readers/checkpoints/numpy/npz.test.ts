import { expect, test } from "vitest";
import { describeFailure } from "#l10n/failure.ts";

import { indexed, indexOf, kindsWhenCut, measure, normsIn } from "../../../support/measure.ts";
import { npyFile } from "../../../support/npy.ts";
import { bytesOf } from "../../../support/safetensors.ts";
import { type TestFile, zipFile } from "../../../support/zip.ts";

const WEIGHT = npyFile({ descr: ">f8", shape: [2, 2], data: new Uint8Array(32), isFortran: true });
const BIAS = npyFile({ descr: "<f4", shape: [2], data: bytesOf(Float32Array.of(3, 4)) });

function npz(isDeflated: boolean, ...more: readonly TestFile[]): Uint8Array {
  return zipFile([
    { name: "layer.0/weight.npy", data: WEIGHT, isDeflated },
    { name: "bias.npy", data: BIAS, isDeflated },
    ...more,
  ]);
}

test.each([true, false])("arrays of an archive are tensors by their names, deflated or not: %s", async (isDeflated) => {
  expect(await normsIn(npz(isDeflated), "grads.npz")).toEqual({ "layer.0/weight": 0, bias: 5 });
});

test("a deflated array is undone step by step", async () => {
  const [weight] = (await indexed(npz(true), "grads.npz")).tensors;
  expect([weight?.kind, weight?.parts[0]?.codings, weight?.parts[0]?.strides]).toEqual([
    "gradient",
    [
      { kind: "deflate", decodedBytes: 160 },
      { kind: "skip", bytes: 128 },
      { kind: "bigEndian", bytes: 8 },
    ],
    [1, 2],
  ]);
});

test("an archive is known by its first file, whatever it is called", async () => {
  expect((await indexed(npz(false), "download")).format).toBe("npz");
});

test("an array of objects and a file that is no array are named, and the others read", async () => {
  const objects = npyFile({ descr: "|O", shape: [1], data: Uint8Array.of(0x80, 4, 0x2e) });
  const bytes = npz(true, { name: "objects.npy", data: objects }, { name: "readme.txt", data: BIAS });
  const { tensors, notRead } = await indexed(bytes, "a.npz");
  expect([tensors.map(({ name }) => name), notRead]).toEqual([
    ["layer.0/weight", "bias"],
    [
      {
        name: "objects",
        what: "Gradlens does not read elements of type |O (pickled Python objects). Save the array with numbers.",
      },
      { name: "readme.txt", what: "a file that is no array" },
    ],
  ]);
});

test("a deflated array of ten megabytes is indexed from its first bytes", async () => {
  const data = npyFile({ descr: "<f4", shape: [2_500_000], data: new Uint8Array(10_000_000) });
  const [tensor] = await measure(zipFile([{ name: "zeros.npy", data, isDeflated: true }]), "a.npz");
  expect([tensor?.elements, tensor?.l2]).toEqual([2_500_000, 0]);
});

const CUT = BIAS.subarray(0, 20);
const LONGER = npyFile({ descr: "<f4", shape: [2], data: new Uint8Array(9) });
const SHORTER = npyFile({ descr: "<f4", shape: [1_000_000], data: new Uint8Array(4) });

test.each([
  { attack: "an array without its end", data: SHORTER, what: "its elements take 4000000 bytes, but 4 follow" },
  { attack: "an array with more than its elements", data: LONGER, what: "8 bytes, but 9 follow" },
  { attack: "an array without the end of its header", data: CUT, what: "header does not end" },
  { attack: "an empty array file", data: new Uint8Array(), what: "header does not end" },
  { attack: "a text that is called array", data: new TextEncoder().encode("not an array"), what: "not an array" },
])("$attack is malformed, stored or deflated", async ({ data, what }) => {
  for (const isDeflated of [false, true]) {
    const outcome = await indexOf(zipFile([{ name: "a.npy", data, isDeflated }]), "a.npz");
    expect([outcome.kind, outcome.kind === "ok" ? "" : describeFailure(outcome)]).toEqual([
      "malformed",
      expect.stringContaining(what) as string,
    ]);
  }
});

test("deflated bytes that are no deflate stream are malformed", async () => {
  const said = { method: 8, size: 136 };
  const bytes = zipFile([{ name: "a.npy", data: new Uint8Array(100).fill(255), said }]);
  expect(await indexOf(bytes, "a.npz")).toMatchObject({ kind: "malformed" });
});

test("an archive cut at any byte is incomplete or malformed, and never a tensor", async () => {
  const kinds = await kindsWhenCut(npz(true), "a.npz");
  expect([...kinds].filter((kind) => kind !== "incomplete" && kind !== "malformed" && kind !== "unsupported")).toEqual(
    [],
  );
});
