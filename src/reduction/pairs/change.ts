import type { TensorChange } from "#core/comparison.ts";

import type { Values } from "../decode.ts";
import { maximumOf, noSums, type PairSums, setMaximum } from "./measure.ts";

/** Sums over pairs in plain TypeScript and float64. NaN and ±Inf make sums what they are themselves, and are counted. */
export function sumChange(before: Values, after: Values): PairSums {
  const sums = noSums();
  let [squaresBefore, squaresAfter, dot, squaresDelta, largest] = [0, 0, 0, 0, 0];
  let [changed, roundedAway, nonFiniteBefore, nonFiniteAfter] = [0, 0, 0, 0];
  for (let index = 0; index < before.length; index += 1) {
    const from = before[index] ?? Number.NaN;
    const to = after[index] ?? Number.NaN;
    const delta = to - from;
    const size = Math.abs(delta);
    squaresBefore += from * from;
    squaresAfter += to * to;
    dot += from * to;
    squaresDelta += delta * delta;
    largest = Math.max(largest, size);
    changed += Number(from !== to && !(Number.isNaN(from) && Number.isNaN(to)));
    roundedAway += Number(size * 512 < Math.abs(from)); // 2⁹
    nonFiniteBefore += Number(!Number.isFinite(from));
    nonFiniteAfter += Number(!Number.isFinite(to));
  }
  sums.set([squaresBefore, squaresAfter, dot, squaresDelta, changed, roundedAway, nonFiniteBefore, nonFiniteAfter]);
  setMaximum(sums, largest);
  return sums;
}

/** What the kernels of assembly/pair.ts leave behind; nothing when an element is NaN or ±Inf: they cannot count those. */
export function fromKernel(found: Float64Array): PairSums | undefined {
  const [squaresBefore = 0, squaresAfter = 0] = found;
  if (!Number.isFinite(squaresBefore) || !Number.isFinite(squaresAfter)) {
    return undefined;
  }
  const sums = noSums();
  sums.set(found.subarray(0, KERNEL_SUMS));
  setMaximum(sums, found[KERNEL_SUMS] ?? Number.NaN);
  return sums;
}

/** Before the maximum. */
const KERNEL_SUMS = 6;

export function toChange(sums: PairSums): TensorChange {
  const [squaresBefore = 0, squaresAfter = 0, dot = 0, squaresDelta = 0, changed = 0, roundedAway = 0] = sums;
  const [nonFiniteBefore = 0, nonFiniteAfter = 0] = sums.subarray(KERNEL_SUMS);
  return {
    before: Math.sqrt(squaresBefore),
    after: Math.sqrt(squaresAfter),
    delta: Math.sqrt(squaresDelta),
    dot,
    maxDelta: maximumOf(sums),
    changed,
    roundedAway,
    nonFiniteBefore,
    nonFiniteAfter,
  };
}
