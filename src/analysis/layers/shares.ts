import { rankBySquare } from "../rankBySquare.ts";
import type { CountedSamples, NamedSamples } from "./samples.ts";
import { sumSquares } from "./squares.ts";
import type { SquareSums } from "./squares.ts";
import { columnOf } from "./stepGrid.ts";
import type { StepGrid } from "./stepGrid.ts";

/** Which part of the squared global norm single tensors are, column by column. */
export interface ShareColumns {
  /** Those with the largest parts of the whole picture, the largest first. */
  readonly names: readonly string[];
  /** Row after row as long as `steps`, 0 to 1: those of `names`, then all others together. NaN where it is not known. */
  readonly shares: Float32Array<ArrayBuffer>;
  /**
   * The step that a column shows: of those at which most tensors were measured the one with the largest norm. NaN where
   * none has a finite one.
   */
  readonly steps: Float64Array<ArrayBuffer>;
  /** 1 where a norm in the column is not finite. */
  readonly broken: Uint8Array<ArrayBuffer>;
}

export function shareColumns(tensors: readonly NamedSamples[], grid: StepGrid, most: number): ShareColumns {
  const sums = sumSquares(tensors);
  const { places, broken } = largestOfColumns(sums, grid);
  const parts = tensors.map((tensor, index) =>
    partsAt(tensor, { sums, places, isAligned: sums.isAligned[index] === true }),
  );
  const areas = parts.map((part) => part.reduce((area, share) => (share > 0 ? area + share : area), 0));
  const ranked = rankBySquare(new Map(areas.map((area, index) => [String(index), Math.sqrt(area)])));
  const chosen = ranked.slice(0, most).map(({ tensor }) => Number(tensor));
  const shares = new Float32Array((chosen.length + 1) * grid.columns);
  const rest = shares.subarray(chosen.length * grid.columns);
  places.forEach((place, column) => (rest[column] = place === NONE ? Number.NaN : 1));
  chosen.forEach((tensor, row) => {
    parts[tensor]?.forEach((share, column) => {
      shares[row * grid.columns + column] = share;
      rest[column] = Math.max(0, (rest[column] ?? 0) - share);
    });
  });
  const steps = Float64Array.from(places, (place) => sums.steps[place] ?? Number.NaN);
  return { names: chosen.map((tensor) => tensors[tensor]?.name ?? ""), shares, steps, broken };
}

/** No step of a column. */
const NONE = -1;

function largestOfColumns(
  sums: SquareSums,
  grid: StepGrid,
): { readonly places: Int32Array; readonly broken: Uint8Array<ArrayBuffer> } {
  const places = new Int32Array(grid.columns).fill(NONE);
  const broken = new Uint8Array(grid.columns);
  for (let index = 0; index < sums.steps.length; index += 1) {
    const column = columnOf(grid, sums.steps[index] ?? Number.NaN);
    const square = sums.squares[index] ?? Number.NaN;
    if (column < 0 || column >= grid.columns) {
      continue;
    }
    if (!Number.isFinite(square)) {
      broken[column] = 1;
    } else if (square > 0 && isLarger(sums, index, places[column] ?? NONE)) {
      places[column] = index;
    }
  }
  return { places, broken };
}

/** More tensors measured, or as many and a larger square; than none in any case. */
function isLarger({ squares, measured }: SquareSums, index: number, than: number): boolean {
  const [count, countBefore] = [measured[index] ?? 0, measured[than] ?? 0];
  return count > countBefore || (count === countBefore && (squares[index] ?? 0) > (squares[than] ?? 0));
}

interface Places {
  readonly sums: SquareSums;
  readonly places: Int32Array;
  readonly isAligned: boolean;
}

/** A tensor's part of the square at some of the steps, ascending; 0 where it was not measured. */
function partsAt(tensor: CountedSamples, { sums, places, isAligned }: Places): Float32Array {
  const parts = new Float32Array(places.length);
  let index = 0;
  for (let column = 0; column < places.length; column += 1) {
    const place = places[column] ?? NONE;
    index = isAligned || place === NONE ? place : indexAt(tensor, Math.max(0, index), sums.steps[place] ?? Number.NaN);
    const norm = tensor.steps[index] === sums.steps[place] ? (tensor.values[index] ?? 0) : 0;
    parts[column] = place === NONE ? Number.NaN : norm > 0 ? (norm * norm) / (sums.squares[place] ?? Number.NaN) : 0;
  }
  return parts;
}

/** From an index on, that of the last sample at a step, or of the first after it. */
function indexAt({ steps }: CountedSamples, from: number, step: number): number {
  let index = from;
  while ((steps[index] ?? Infinity) < step || steps[index + 1] === step) {
    index += 1;
  }
  return index;
}
