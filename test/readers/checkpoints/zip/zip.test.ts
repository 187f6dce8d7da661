import { expect, test } from "vitest";

import { windowOf } from "#readers/checkpoints/shared/window.ts";
import { readZip } from "#readers/checkpoints/zip/zip.ts";
import { hasGivenChecksum, readPayload, regionOf } from "#readers/checkpoints/zip/payloads.ts";

import { concat, sourceOf } from "../../../support/safetensors.ts";
import { type TestFile, zipFile } from "../../../support/zip.ts";

const TEXT = new TextEncoder().encode("four times four times four times four times");
const PLAIN = { name: "a/data.pkl", data: TEXT } satisfies TestFile;
const PACKED = { name: "a/data/0", data: TEXT, isDeflated: true } satisfies TestFile;

async function read(bytes: Uint8Array): ReturnType<typeof readZip> {
  return readZip(sourceOf(bytes));
}

test.each([
  { form: "as torch writes them", options: { isZip64: true }, alignment: 64 },
  { form: "as most programs write them", options: {}, alignment: 1 },
  { form: "with a comment", options: { comment: TEXT }, alignment: 1 },
])("files of an archive are found $form, whatever their method", async ({ options, alignment }) => {
  const source = sourceOf(
    zipFile(
      [
        { ...PLAIN, alignment },
        { ...PACKED, alignment },
      ],
      options,
    ),
  );
  const entries = await readZip(source);
  const found = entries.kind === "ok" ? entries.value : [];
  const payloads = await Promise.all(found.map(async (entry) => readPayload(source, entry, 100)));
  expect(found.map(({ name, method, size, offset }) => [name, method, size, offset % alignment])).toEqual([
    ["a/data.pkl", "stored", TEXT.length, 0],
    ["a/data/0", "deflate", TEXT.length, 0],
  ]);
  expect(payloads).toEqual([
    { kind: "ok", value: TEXT },
    { kind: "ok", value: TEXT },
  ]);
  for (const entry of found) {
    expect(await hasGivenChecksum(sourceOf(TEXT), entry)).toBe(true);
    expect(await hasGivenChecksum(sourceOf(TEXT.subarray(1)), entry)).toBe(false);
  }
});

test("an archive inside a larger file is read through a window, which gives nothing outside itself", async () => {
  const archive = zipFile([PLAIN]);
  const whole = sourceOf(concat([TEXT, archive, TEXT]));
  const window = windowOf(whole, TEXT.length, archive.length);
  expect(await readZip(window)).toEqual(await read(archive));
  await expect(window.read(archive.length - 1, 2)).rejects.toThrow(/outside a window/);
  await expect(window.read(-1, 1)).rejects.toThrow(/outside a window/);
  expect(() => windowOf(whole, 0, whole.size + 1)).toThrow(/outside the file/);
});

test("a file far behind another and many close together are both found", async () => {
  const far = { name: "far", data: new Uint8Array(40_000) };
  const many = Array.from({ length: 3000 }, (_, index) => ({ name: `near/${index}`, data: Uint8Array.of(index) }));
  const entries = await read(zipFile([far, ...many], { isZip64: true }));
  const names = entries.kind === "ok" ? entries.value.map(({ name }) => name) : [];
  expect(names).toEqual([far, ...many].map(({ name }) => name));
});

test("what tensors lie in says whether its bytes are compressed", async () => {
  const entries = await read(zipFile([PLAIN, PACKED]));
  const regions = entries.kind === "ok" ? entries.value.map((entry) => regionOf("m.pt", entry)) : [];
  expect(regions.map(({ file, size, codings }) => [file, size, codings])).toEqual([
    ["m.pt", TEXT.length, []],
    ["m.pt", TEXT.length, [{ kind: "deflate", decodedBytes: TEXT.length }]],
  ]);
});

test.each([
  { what: "is encrypted", files: [{ ...PLAIN, said: { flags: 1 } }] },
  { what: "is encrypted", files: [{ ...PLAIN, said: { flags: 0x40 } }] },
  { what: "compression method 12", files: [{ ...PLAIN, said: { method: 12 } }] },
])("a file of an archive that $what is not supported", async ({ what, files }) => {
  expect(await read(zipFile(files))).toEqual({ kind: "unsupported", what: expect.stringContaining(what) as string });
});

test.each([
  { what: "absolute path", bytes: zipFile([{ ...PLAIN, name: "/etc/passwd" }]) },
  { what: "invalid relative path", bytes: zipFile([{ ...PLAIN, name: "a/../../b" }]) },
  { what: "stored, but", bytes: zipFile([{ ...PLAIN, said: { size: 7 } }]) },
  { what: "cannot hold", bytes: zipFile([{ ...PACKED, said: { size: 4_000_000_000 } }]) },
  { what: "end outside the file", bytes: zipFile([{ ...PLAIN, said: { compressedSize: 900, size: 900 } }]) },
  { what: "overlap", bytes: zipFile([{ ...PLAIN, said: { compressedSize: 60, size: 60 } }, PACKED]) },
  { what: "overlap", bytes: zipFile([PLAIN, { ...PLAIN, name: "b", said: { headerOffset: 0 } }]) },
  {
    what: "has no file at byte 3",
    bytes: zipFile([{ ...PLAIN, said: { headerOffset: 3, compressedSize: 1, size: 1 } }]),
  },
  {
    what: "in or after the archive's directory",
    bytes: zipFile([{ ...PLAIN, said: { headerOffset: 83, compressedSize: 1, size: 1 } }]),
  },
  { what: "bytes before its end record", bytes: zipFile([PLAIN, PACKED], { said: { entries: 1 } }) },
  { what: "reaches byte", bytes: zipFile([PLAIN], { said: { entries: 2 } }) },
  { what: "signature", bytes: concat([TEXT, zipFile([PLAIN])]) },
  { what: "names 2100001 files", bytes: zipFile([PLAIN], { isZip64: true, said: { entries: 2_100_001 } }) },
  { what: "reaches byte", bytes: zipFile([PLAIN], { isZip64: true, said: { directoryOffset: 2 ** 60 } }) },
  { what: "signature", bytes: zipFile([PLAIN], { comment: zipFile([{ ...PLAIN, name: "hidden" }]) }) },
])("an archive where something $what is malformed", async ({ what, bytes }) => {
  const offset = expect.any(Number) as number;
  expect(await read(bytes)).toEqual({ kind: "malformed", offset, what: expect.stringContaining(what) as string });
});

test("an archive cut anywhere is incomplete or damaged, and never a shorter archive", async () => {
  const whole = zipFile([PLAIN, PACKED], { isZip64: true });
  const kinds = await Promise.all(Array.from(whole.keys(), async (end) => (await read(whole.subarray(0, end))).kind));
  expect(new Set(kinds)).toEqual(new Set(["incomplete"]));
});

test("a file whose bytes do not decompress to what they should is malformed", async () => {
  const source = sourceOf(zipFile([{ ...PACKED, said: { size: TEXT.length + 1 } }]));
  const entries = await readZip(source);
  const entry = entries.kind === "ok" ? entries.value[0] : undefined;
  const outcome = entry && (await readPayload(source, entry, 100));
  expect(outcome?.kind === "malformed" && outcome.what).toContain("do not give the 44 bytes");
  expect((entry && (await readPayload(source, entry, 10)))?.kind).toBe("malformed");
});

test("a source that fails makes the reading reject, since that says nothing of the archive", async () => {
  const source = { ...sourceOf(zipFile([PLAIN])), read: async () => Promise.reject(new Error("disk gone")) };
  await expect(readZip(source)).rejects.toThrow("disk gone");
});

test("an archive that holds a name twice is refused, for programs would read different ones", async () => {
  const outcome = await read(zipFile([PLAIN, PACKED, PLAIN]));
  expect([outcome.kind, outcome.kind === "malformed" && outcome.what]).toEqual([
    "malformed",
    "The zip archive holds a file twice. Programs would read different ones of them.",
  ]);
});
