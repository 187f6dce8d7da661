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

const CASES: readonly Case[] = [
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
