import { inOnePiece } from "#core/tensorPart.ts";
import type { ReductionEngine } from "./engine.ts";
import { reduceTensor } from "./reduce.ts";

/**
 * Whether an engine gets right on this machine what engines are known to get wrong: sums, squares that leave the range of
 * float32, and NaN at any place of a vector.
 */
export async function passesSelfTest(engine: ReductionEngine): Promise<boolean> {
  for (const { values, l2 } of CASES) {
    const found = await normOf(engine, Float32Array.from(values));
    if (!(Number.isNaN(l2) ? Number.isNaN(found) : Math.abs(found / l2 - 1) < 1e-7)) {
      return false;
    }
  }
  return true;
}

interface Case {
  readonly values: readonly number[];
  readonly l2: number;
}

// More than two strides of a kernel.
const ELEMENTS = 35;

// Enough for onnxruntime's graph, which short chunks never see, and not a whole number of its rows.
const MANY_ELEMENTS = 65_573;

/** From -1 to 1 in an order without a pattern: the fractional parts of multiples of the golden ratio. */
const MANY = Array.from({ length: MANY_ELEMENTS }, (_, index) => Math.fround(2 * ((index * 0.618_033_988_75) % 1) - 1));

const CASES: readonly Case[] = [
  { values: MANY, l2: Math.sqrt(MANY.reduce((sum, value) => sum + value * value, 0)) },
  { values: MANY.with(MANY_ELEMENTS / 2 - 0.5, Number.NaN), l2: Number.NaN },
  { values: [3, 4], l2: 5 },
  { values: [1e-25, 1e-25], l2: 1e-25 * Math.SQRT2 },
  { values: [1e20, 1e20], l2: 1e20 * Math.SQRT2 },
  ...Array.from({ length: ELEMENTS }, (_, place) => ({
    values: Array.from({ length: ELEMENTS }, (__, index) => (index === place ? Number.NaN : index)),
    l2: Number.NaN,
  })),
];

async function normOf(engine: ReductionEngine, values: Float32Array): Promise<number> {
  const shape = [values.length];
  const bytes = new Uint8Array(values.buffer);
  const outcome = await reduceTensor(engine, {
    entry: {
      name: "self-test",
      kind: "other",
      dtype: "F32",
      shape,
      elements: values.length,
      file: "",
      parts: inOnePiece("", 0, bytes.length),
    },
    open: () => async (target, offset) => target.set(bytes.subarray(offset, offset + target.length)),
  });
  return outcome.kind === "ok" ? outcome.value.l2 : 0;
}
