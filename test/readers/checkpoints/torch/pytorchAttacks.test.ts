import { expect, test } from "vitest";

import { indexOf } from "../../../support/checkpoint.ts";
import { call, latin1, list, name, pickle } from "../../../support/pickle.ts";
import { concat } from "../../../support/safetensors.ts";
import { tensor, type TestStorage, type TestView, torchLegacy, torchZip } from "../../../support/torch.ts";
import { FLOATS, SQUARE, WHOLE } from "../../../support/torchTensors.ts";

test.each([
  { what: "a storage that is not there", view: { id: ["storage", name("torch", "FloatStorage"), "../x", "cpu", 24] } },
  { what: "more elements than are stored", view: { id: ["storage", name("torch", "FloatStorage"), "0", "cpu", 25] } },
  { what: "a negative number of elements", view: { id: ["storage", name("torch", "FloatStorage"), "0", "cpu", -1] } },
  { what: "a reference without a type", view: { id: ["storage", "0"] } },
  { what: "a reference of unknown type", view: { id: ["storage", name("os", "system"), "0", "cpu", 24] } },
  { what: "a shape past the storage", view: { size: [25] } },
  { what: "an offset past the storage", view: { offset: 1 } },
  { what: "a negative offset", view: { offset: -1 } },
  { what: "a negative stride", view: { stride: [-1] } },
  { what: "a negative size", view: { size: [-24] } },
  { what: "strides past the storage", view: { stride: [2] } },
  { what: "strides that overflow", view: { size: [2 ** 40, 2 ** 40], stride: [2 ** 40, 1] } },
  { what: "a product that overflows with stride 0", view: { size: [2 ** 30, 2 ** 30], stride: [0, 0] } },
  { what: "fewer strides than sizes", view: { stride: [] } },
  {
    what: "65 dimensions",
    view: { size: Array.from({ length: 65 }, () => 1), stride: Array.from({ length: 65 }, () => 1) },
  },
])("a tensor with $what makes the file malformed", async ({ view }) => {
  const index = await indexOf(torchZip({ fine: SQUARE, t: tensor({ ...WHOLE, ...view }) }, [FLOATS]), "bad.pt");
  expect(index).toEqual({
    kind: "malformed",
    offset: expect.any(Number) as number,
    what: expect.stringMatching(/^t: /) as string,
  });
});

test("a million views of one storage are refused, a hundred tied tensors are not", async () => {
  const tied = list(Array.from({ length: 100 }, () => SQUARE));
  const large: TestStorage = { ...FLOATS, data: new Uint8Array(100_000) };
  expect((await indexOf(torchZip(tied, [large]), "tied.pt")).kind).toBe("ok");
  const big: TestView = { storage: { ...large, elements: 25_000 }, size: [25_000], stride: [1] };
  const index = await indexOf(torchZip(list(Array.from({ length: 200 }, () => tensor(big))), [large]), "bomb.pt");
  expect(index.kind === "malformed" && index.what).toContain("share more bytes");
});

test.each([
  { what: "a list that contains itself", data: latin1("\x80\x02]q\x00h\x00a."), says: "a list or tuple of 1" },
  { what: "no tensors", data: pickle({ epoch: 1, name: "run" }), says: "a dict with epoch, name" },
  {
    what: "a call",
    data: pickle(call(name("os", "system"), ["rm -rf /"])),
    says: 'a call of os.system("rm -rf /"), which was not made',
  },
])("a checkpoint of $what is not supported, and what it holds is said", async ({ data, says }) => {
  const index = await indexOf(torchZip(data, []), "m.pt");
  expect(index.kind === "unsupported" && index.what).toContain(`holds no tensors that Gradlens reads, but ${says}`);
});

test("a pickle that is nested too deep, or has more paths than values, is malformed", async () => {
  const deep = concat([latin1("\x80\x02"), latin1("]".repeat(300)), latin1("a".repeat(299)), latin1(".")]);
  const wide = latin1(`\x80\x02]${"q\x002\x86".repeat(60)}.`);
  for (const data of [deep, wide]) {
    expect((await indexOf(torchZip(data, []), "m.pt")).kind).toBe("malformed");
  }
});

test.each([
  { what: "two pickles", bytes: torchZip({}, [], { extra: [{ name: "sub/data.pkl", data: pickle({}) }] }) },
  { what: "a file twice", bytes: torchZip({ a: SQUARE }, [FLOATS, FLOATS]) },
  { what: "a byte order that is none", bytes: torchZip({ a: SQUARE }, [FLOATS], { byteorder: "middle" }) },
  { what: "a pickle that is cut off", bytes: torchZip(pickle({ a: SQUARE }).slice(0, -9), [FLOATS]) },
])("an archive with $what is malformed", async ({ bytes }) => {
  expect((await indexOf(bytes, "m.pt")).kind).toBe("malformed");
});

test.each([
  { form: "zip", bytes: torchZip({ a: SQUARE }, [FLOATS]) },
  { form: "legacy", bytes: torchLegacy({ a: SQUARE }, [FLOATS]) },
])("a $form file cut anywhere is incomplete or no checkpoint, and never has tensors", async ({ bytes }) => {
  const kinds = new Set<string>();
  for (let end = 1; end < bytes.length; end += 1) {
    kinds.add((await indexOf(bytes.subarray(0, end), "m.pt")).kind);
  }
  kinds.delete("unsupported");
  expect(kinds).toEqual(new Set(["incomplete"]));
});

test.each([
  { what: "a storage that no tensor has", bytes: torchLegacy({ a: SQUARE }, [FLOATS], ["0", "7"]) },
  { what: "another number of elements", bytes: torchLegacy({ a: SQUARE }, [{ ...FLOATS, elements: 23 }]) },
  {
    what: "another version",
    bytes: concat([torchLegacy({}, []).subarray(0, 15), pickle(999), pickle({}), pickle({}), pickle([])]),
  },
])("an old file with $what is malformed", async ({ bytes }) => {
  expect((await indexOf(bytes, "m.pt")).kind).toBe("malformed");
});
