/**
 * How far the engines are from the true norm, by the number of elements: `node bench/errors.ts`.
 * The elements are made as they are read, up to a billion of them, and need no file. Prints one Markdown table.
 */
import type { ReadInto } from "#core/byteSource.ts";
import type { Outcome } from "#core/outcome.ts";
import { inOnePiece } from "#core/tensorPart.ts";
import { decode } from "#reduction/decode.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { describeFailure } from "#l10n/failure.ts";
import { ENCODERS, normals } from "./checkpoints.ts";

const SIZES = [1e4, 1e6, 1e7, 1e8, 1e9];
const DTYPES = ["F32", "BF16", "F16"] as const;
// Each repetition of the block starts at another of its elements, so that rounding does not repeat itself.
const TURN = 1_000_003;

type Sum = readonly [sum: number, rest: number];

const engines = [await engineOf(createSimdEngine()), await engineOf(createOnnxEngine({ threads: 1 }))];
console.log(`| dtype | elements | ${engines.map(({ name }) => name).join(" | ")} |`);
console.log(`|---|---|${engines.map(() => "---|").join("")}`);
for (const dtype of DTYPES) {
  const block = ENCODERS[dtype](normals());
  const values = decode({ dtype, bytes: block });
  const whole = sumOfSquares(values);
  for (const elements of SIZES) {
    const truth = trueNorm(values, whole, elements);
    const errors: string[] = [];
    for (const engine of engines) {
      const l2 = await normOf(engine, { dtype, elements, block });
      errors.push(((l2 - truth) / truth).toExponential(1));
    }
    console.log(`| ${dtype} | ${elements.toExponential()} | ${errors.join(" | ")} |`);
  }
}
await Promise.all(engines.map(async (engine) => engine.dispose()));

interface Data {
  readonly dtype: (typeof DTYPES)[number];
  readonly elements: number;
  /** Repeated as often as needed. */
  readonly block: Uint8Array;
}

async function normOf(engine: ReductionEngine, { dtype, elements, block }: Data): Promise<number> {
  const size = dtype === "F32" ? 4 : 2;
  const parts = inOnePiece("", 0, elements * size);
  const entry = { name: "made", kind: "other", dtype, shape: [elements], elements, file: "", parts } as const;
  const reduced = await reduceTensor(engine, { entry, open: () => turning(block, size) });
  return reduced.kind === "ok" ? reduced.value.l2 : Number.NaN;
}

/** Gives the block again and again, each time from another element on. */
function turning(block: Uint8Array, size: number): ReadInto {
  return async (target, offset) => {
    for (let filled = 0; filled < target.length;) {
      const at = offset + filled;
      const from = placeOf(at / size, block.length / size) * size;
      const end = Math.min(block.length - from, block.length - (at % block.length), target.length - filled);
      target.set(block.subarray(from, from + end), filled);
      filled += end;
    }
  };
}

/** Where an element comes from in the block. */
function placeOf(element: number, length: number): number {
  return (element + Math.floor(element / length) * TURN) % length;
}

/** Of whole blocks, in any turn, and the beginning of one more. */
function trueNorm(values: ArrayLike<number>, [sum, rest]: Sum, elements: number): number {
  const blocks = Math.floor(elements / values.length);
  const tail = Float64Array.from({ length: elements % values.length }, (_, index) => {
    return values[placeOf(blocks * values.length + index, values.length)] ?? Number.NaN;
  });
  const [tailSum, tailRest] = sumOfSquares(tail);
  return Math.sqrt(blocks * sum + tailSum + (blocks * rest + tailRest));
}

/** Neumaier's sum, and what it lacks. The squares themselves are exact: no element has more than 24 significant bits. */
function sumOfSquares(values: ArrayLike<number>): Sum {
  let [sum, rest] = [0, 0];
  for (let index = 0; index < values.length; index += 1) {
    const square = (values[index] ?? Number.NaN) ** 2;
    const next = sum + square;
    rest += sum >= square ? sum - next + square : square - next + sum;
    sum = next;
  }
  return [sum, rest];
}

async function engineOf(created: Promise<Outcome<ReductionEngine>>): Promise<ReductionEngine> {
  const outcome = await created;
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(describeFailure(outcome));
}
