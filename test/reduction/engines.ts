import { type DType, bitsOf } from "#core/dtype.ts";
import { openPart } from "../support/openPart.ts";
import type { TensorEntry, TensorStatistics } from "#core/tensor.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import type { SimdVariant } from "#reduction/simdKernels.ts";
import { reduceTensor, type TensorInput } from "#reduction/reduce.ts";

import { sourceOf } from "../support/safetensors.ts";

/** The onnxruntime engine, which the machine that runs the tests must have. */
export async function onnxEngine(threads = 1): Promise<ReductionEngine> {
  const outcome = await createOnnxEngine({ threads });
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(outcome.kind === "unsupported" ? outcome.what : outcome.kind);
}

/** The simd engine, which every machine that Node 24 runs on has. */
export async function simdEngine(variant?: SimdVariant): Promise<ReductionEngine> {
  const outcome = await createSimdEngine(variant);
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(outcome.kind === "unsupported" ? outcome.what : outcome.kind);
}

export function entryOf(dtype: DType, byteLength: number, offset = 0): TensorEntry {
  const elements = (byteLength * 8) / bitsOf(dtype);
  return {
    name: "t",
    kind: "gradient",
    dtype,
    shape: [elements],
    elements,
    file: "t",
    parts: inOnePiece("t", offset, byteLength),
  };
}

/** Gives the parts of a tensor out of the bytes of its file. */
export function openIn(file: Uint8Array): TensorInput["open"] {
  return (part) =>
    openPart(part, async (target, offset) => {
      target.set(await sourceOf(file).read(offset, target.length));
    });
}

/** Statistics of a tensor that lies `offset` bytes into its file. */
export async function reduceBytes(
  engine: ReductionEngine,
  dtype: DType,
  data: Uint8Array,
  offset = 0,
): Promise<TensorStatistics> {
  const file = new Uint8Array(offset + data.length);
  file.set(data, offset);
  const outcome = await reduceTensor(engine, { entry: entryOf(dtype, data.length, offset), open: openIn(file) });
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(outcome.kind);
}

export function f32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** The same small numbers on every run: a linear congruential generator (Numerical Recipes), roughly normal. */
export function gradientLike(length: number, scale = 1e-4): Float32Array {
  const values = new Float32Array(length);
  let state = 12_345;
  for (let index = 0; index < length; index += 1) {
    let sum = 0;
    for (let draw = 0; draw < 3; draw += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      sum += state / 2 ** 32;
    }
    values[index] = (sum - 1.5) * scale;
  }
  return values;
}

/** The norm in float64, by the definition. */
export function normOfValues(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) {
    sum += value * value;
  }
  return Math.sqrt(sum);
}
