import { expect, test } from "vitest";

import { indexOf, normsOf } from "../../../support/checkpoint.ts";
import { built, call, list, name, pickle, type Pickled, type Written } from "../../../support/pickle.ts";
import { bytesOf } from "../../../support/safetensors.ts";
import { torchZip } from "../../../support/torch.ts";
import { FLOATS, SQUARE } from "../../../support/torchTensors.ts";

interface TestArray {
  readonly descr?: string;
  readonly order?: string;
  readonly shape?: readonly number[];
  readonly isColumnMajor?: boolean;
  readonly data?: Pickled;
}

const THREE_FOUR = bytesOf(Float32Array.of(3, -4));

/** An array as NumPy pickles it. */
function array({
  descr = "f4",
  order = "<",
  shape = [2],
  isColumnMajor = false,
  data = THREE_FOUR,
}: TestArray = {}): Written {
  const dtype = built(call(name("numpy", "dtype"), [descr, false, true]), [3, order, null, null, null, -1, -1, 0]);
  const empty = call(name("numpy.core.multiarray", "_reconstruct"), [name("numpy", "ndarray"), [0], "b"]);
  return built(empty, [1, shape, dtype, isColumnMajor, data]);
}

/** Bytes as protocol 2 holds them. */
function asText(bytes: Uint8Array): Written {
  return call(name("_codecs", "encode"), [String.fromCodePoint(...bytes), "latin1"]);
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = bytes.slice();
  for (let at = 0; at < copy.length; at += width) {
    copy.subarray(at, at + width).reverse();
  }
  return copy;
}

test.each([
  { what: "float32", made: array() },
  { what: "float32 as text of protocol 2", made: array({ data: asText(THREE_FOUR) }) },
  { what: "big-endian float32", made: array({ order: ">", data: swapped(THREE_FOUR, 4) }) },
  { what: "big-endian float32 as text", made: array({ order: ">", data: asText(swapped(THREE_FOUR, 4)) }) },
  { what: "float64", made: array({ descr: "f8", data: bytesOf(Float64Array.of(3, -4)) }) },
  { what: "complex128", made: array({ descr: "c16", shape: [1], data: bytesOf(Float64Array.of(3, -4)) }) },
  { what: "int8", made: array({ descr: "i1", order: "|", data: bytesOf(Int8Array.of(3, -4)) }) },
  { what: "a column-major matrix", made: array({ shape: [1, 2], isColumnMajor: true }) },
  {
    what: "NumPy 2's buffer of protocol 5",
    made: call(name("numpy._core.numeric", "_frombuffer"), [
      THREE_FOUR,
      call(name("numpy", "dtype"), ["f4", false, true]),
      [2],
      "C",
    ]),
  },
])("an array of $what in a plain pickle has its norm", async ({ made }) => {
  expect(await normsOf(pickle({ w: made }), "w.pkl")).toEqual({ kind: "ok", value: { w: 5 } });
});

test("an array in a checkpoint of PyTorch is read where the pickle holds it", async () => {
  expect(await normsOf(torchZip({ w: array() }, []), "w.pt")).toEqual({ kind: "ok", value: { w: 5 } });
});

test("an array in a compressed pickle is named and not read", async () => {
  const index = await indexOf(torchZip({ w: array(), t: SQUARE }, [FLOATS], { isDeflated: true }), "w.pt");
  expect(index.kind === "ok" && [index.value.tensors.length, index.value.notRead]).toEqual([
    1,
    [{ name: "w", what: "a NumPy array in a compressed pickle" }],
  ]);
});

test("an array without elements has none", async () => {
  const index = await indexOf(pickle({ w: array({ shape: [0, 3], data: asText(new Uint8Array()) }) }), "w.pkl");
  expect(index.kind === "ok" && index.value.tensors[0]?.elements).toBe(0);
});

test.each([
  { what: "objects", made: array({ descr: "O8", order: "|", data: list([1, 2]) }), says: "a NumPy array of O8" },
  { what: "text", made: array({ data: list(["a"]) }), says: "a NumPy array whose elements are written as text" },
])("an array of $what is named and not read", async ({ made, says }) => {
  const index = await indexOf(pickle({ w: made, plain: array() }), "w.pkl");
  expect(index.kind === "ok" && index.value.notRead).toEqual([{ name: "w", what: says }]);
});

test.each([
  { what: "more elements than bytes", made: array({ shape: [3] }) },
  { what: "a negative size", made: array({ shape: [-2] }) },
  { what: "a shape that overflows", made: array({ shape: [2 ** 30, 2 ** 30], data: asText(THREE_FOUR) }) },
])("an array of $what makes the pickle malformed", async ({ made }) => {
  expect((await indexOf(pickle({ w: made }), "w.pkl")).kind).toBe("malformed");
});

test("Paddle's tensors are the arrays they name, in each way it writes them", async () => {
  const bf16 = bytesOf(Uint16Array.of(0x4040, 0xc080)); // 3 and -4.
  const bytes = pickle({
    plain: array(),
    pair: call(name("builtins", "tuple"), [["linear_0.w_0", array()]]),
    lod: call(name("builtins", "eval"), ["data", { data: array() }]),
    dense: call(name("paddle.framework.io_utils", "_reconstruct_dense_tensor_data"), [array()]),
    bf16: array({ descr: "u2", data: bf16 }),
    "StructuredToParameterName@@": { plain: "linear_0.w_0" },
  });
  const norms = { plain: 5, pair: 5, lod: 5, dense: 5, bf16: 5 };
  expect(await normsOf(bytes, "m.pdparams")).toEqual({ kind: "ok", value: norms });
  const index = await indexOf(bytes, "m.pdparams");
  expect(index.kind === "ok" && [index.value.format, index.value.notRead]).toEqual(["paddle", []]);
});

test("any other call of eval is named and not made", async () => {
  const root = { w: array(), x: call(name("builtins", "eval"), ["__import__('os')", { data: array() }]) };
  const index = await indexOf(pickle(root), "m.pdparams");
  expect(index.kind === "ok" && [index.value.tensors.length, index.value.notRead]).toEqual([
    1,
    [{ name: "x", what: "a call of builtins.eval(\"__import__('os')\"), which was not made" }],
  ]);
});

const SLICES = { "big@@.0": array(), "big@@.1": array() };

test("Paddle's tensors in slices are whole again", async () => {
  const info = { big: { OriginShape: [2, 2], slices: list(["big@@.0", "big@@.1"]) } };
  const bytes = pickle({ ...SLICES, "UnpackBigParamInfor@@": info });
  const norms = await normsOf(bytes, "m.pdparams");
  expect(norms.kind === "ok" && norms.value["big"]?.toFixed(9)).toBe(Math.sqrt(50).toFixed(9));
  const wrong = { big: { OriginShape: [3, 2], slices: list(["big@@.0", "big@@.1"]) } };
  expect((await indexOf(pickle({ ...SLICES, "UnpackBigParamInfor@@": wrong }), "m.pdparams")).kind).toBe("malformed");
});

test("a plain pickle cut anywhere is incomplete or no checkpoint", async () => {
  const bytes = pickle({ w: array({ data: asText(THREE_FOUR) }), v: array() });
  const kinds = new Set<string>();
  for (let end = 1; end < bytes.length; end += 1) {
    kinds.add((await indexOf(bytes.subarray(0, end), "w.pkl")).kind);
  }
  kinds.delete("unsupported");
  expect(kinds).toEqual(new Set(["incomplete"]));
});
