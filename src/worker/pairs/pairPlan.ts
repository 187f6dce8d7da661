import { bitsOf } from "#core/dtype.ts";
import type { TensorPart } from "#core/tensorPart.ts";
import type { FileByteSource } from "#files/checkpoints/byteSource.ts";
import type { ReducibleDType } from "#reduction/engine.ts";
import { PAIR_FIELDS } from "#reduction/pairs/measure.ts";
import type { PairMeasure, PairScales } from "#reduction/pairs/measure.ts";
import { PIECE_ELEMENTS } from "#reduction/pairs/pairReducer.ts";
import { runsOf } from "#reduction/pairs/rowMajor.ts";
import type { Run } from "#reduction/pairs/rowMajor.ts";
import type { Reducible } from "#reduction/reduce.ts";
import { areManySmall, cutBatches } from "../threads/threadPlan.ts";
import { createState } from "../threads/threadTask.ts";
import { PIECE_FIELDS, SIDE_FIELDS } from "./pairTask.ts";
import type { PairTask } from "./pairTask.ts";

/** Two tensors of one shape. */
export interface TensorPair {
  readonly tensors: readonly [Reducible, Reducible];
  readonly scales: PairScales;
}

/** A pair that threads can take: its elements lie as they are, in the order of their indices. */
export interface PlainPair extends TensorPair {
  readonly runs: readonly [readonly Run[], readonly Run[]];
}

export function asPlainPair(pair: TensorPair): PlainPair | undefined {
  const [first, second] = pair.tensors.map(plainRuns);
  return first === undefined || second === undefined ? undefined : { ...pair, runs: [first, second] };
}

function plainRuns(tensor: Reducible): readonly Run[] | undefined {
  const isCoded = tensor.entry.parts.some(({ codings }) => codings !== undefined);
  return isCoded ? undefined : runsOf(tensor);
}

export interface PairPlan {
  readonly task: PairTask;
  /** The open files, as the task numbers them. */
  readonly sources: readonly FileByteSource[];
  /** Mostly pieces so small that the time goes into the calls. */
  readonly hasManySmall: boolean;
  /** First piece of each pair, and the end. */
  readonly firstPieces: readonly number[];
}

export type FileOfSide = readonly [(part: TensorPart) => FileByteSource, (part: TensorPart) => FileByteSource];

/** Cuts pairs into pieces and batches. The cuts depend on the tensors alone. */
export function planPairs(pairs: readonly PlainPair[], measure: PairMeasure, fileOf: FileOfSide): PairPlan {
  const files = new Map<FileByteSource, number>();
  const dtypes: ReducibleDType[] = [];
  const pieces: number[] = [];
  const firstPieces = [0];
  for (const { tensors, runs, scales } of pairs) {
    const numbers = tensors.map(({ entry }) => numberOf(dtypes, entry.dtype));
    for (const { first, elements, within } of cutRuns(runs)) {
      for (const side of [0, 1] as const) {
        const run = within[side];
        const bits = bitsOf(tensors[side].entry.dtype);
        const source = fileOf[side](run.part);
        const file = files.get(source) ?? files.size;
        files.set(source, file);
        const offset = run.part.offset + ((first - run.start) * bits) / 8;
        pieces.push(file, offset, (elements * bits) / 8, numbers[side] ?? 0);
      }
      pieces.push(scales.ratio, scales.epsilon);
    }
    firstPieces.push(pieces.length / PIECE_FIELDS);
  }
  const count = pieces.length / PIECE_FIELDS;
  const bytesAt = (piece: number, side: number): number => pieces[piece * PIECE_FIELDS + side * SIDE_FIELDS + 2] ?? 0;
  const batches = cutBatches(count, (piece) => bytesAt(piece, 0) + bytesAt(piece, 1));
  const sources = Array.from(files.keys());
  const task = {
    measure,
    files: sources.map(({ path, id }) => ({ path, id })),
    dtypes,
    pieces: Float64Array.from(pieces),
    batches,
    results: new Float64Array(new SharedArrayBuffer(count * PAIR_FIELDS * 8)),
    state: createState(batches.length - 1),
  };
  let bytes = 0;
  for (let piece = 0; piece < count; piece += 1) {
    bytes += bytesAt(piece, 0) + bytesAt(piece, 1);
  }
  return { task, sources, firstPieces, hasManySmall: areManySmall(count, bytes) };
}

function numberOf(dtypes: ReducibleDType[], dtype: ReducibleDType): number {
  if (!dtypes.includes(dtype)) {
    dtypes.push(dtype);
  }
  return dtypes.indexOf(dtype);
}

interface Piece {
  /** Row-major index of the first element. */
  readonly first: number;
  readonly elements: number;
  readonly within: readonly [Run, Run];
}

/** Pieces of which each lies in one run of either side. */
function* cutRuns([firstRuns, secondRuns]: PlainPair["runs"]): Generator<Piece, void> {
  let [one, other, at] = [0, 0, 0];
  for (let [a, b] = [firstRuns[0], secondRuns[0]]; a !== undefined && b !== undefined;) {
    const end = Math.min(a.start + a.elements, b.start + b.elements);
    const elements = Math.min(PIECE_ELEMENTS, end - at);
    yield { first: at, elements, within: [a, b] };
    at += elements;
    one += Number(at === a.start + a.elements);
    other += Number(at === b.start + b.elements);
    [a, b] = [firstRuns[one], secondRuns[other]];
  }
}
