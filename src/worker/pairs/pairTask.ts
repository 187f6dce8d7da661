import type { ReducibleDType } from "#reduction/engine.ts";
import type { PairMeasure, PairScales } from "#reduction/pairs/measure.ts";
import { t } from "@vscode/l10n";
import type { FileBatches } from "../threads/threadTask.ts";

/** What the threads of one comparison share: pieces of two tensors each, and a place for what is summed over each piece. */
export interface PairTask extends FileBatches {
  readonly measure: PairMeasure;
  readonly dtypes: readonly ReducibleDType[];
  /** For each piece and side: file, offset, bytes, dtype; then the scales. */
  readonly pieces: Float64Array;
  /** For each piece its sums, in shared memory. */
  readonly results: Float64Array;
}

export interface PieceSide {
  readonly file: number;
  readonly offset: number;
  readonly bytes: number;
  readonly dtype: ReducibleDType;
}

export interface PairPiece {
  readonly sides: readonly [PieceSide, PieceSide];
  readonly scales: PairScales;
}

export const SIDE_FIELDS = 4;
export const PIECE_FIELDS = 2 * SIDE_FIELDS + 2;

export function pieceAt(task: PairTask, piece: number): PairPiece {
  const at = piece * PIECE_FIELDS;
  const scalesAt = at + 2 * SIDE_FIELDS;
  const scales = { ratio: task.pieces[scalesAt] ?? 1, epsilon: task.pieces[scalesAt + 1] ?? 0 };
  return { sides: [sideAt(task, at), sideAt(task, at + SIDE_FIELDS)], scales };
}

function sideAt({ pieces, dtypes }: PairTask, at: number): PieceSide {
  const number = pieces[at + 3] ?? 0;
  const dtype = dtypes[number];
  if (dtype === undefined) {
    throw new Error(t("A piece has dtype {0} of {1}.", number, dtypes.length));
  }
  return { file: pieces[at] ?? 0, offset: pieces[at + 1] ?? 0, bytes: pieces[at + 2] ?? 0, dtype };
}

/** What a thread is sent is not typed; only threads.ts sends anything. */
export function isPairTask(data: unknown): data is PairTask {
  return typeof data === "object" && data !== null && "measure" in data && "pieces" in data;
}
