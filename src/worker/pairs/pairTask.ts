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

export function pieceAt({ pieces, dtypes }: PairTask, piece: number): PairPiece {
  const fields = pieces.subarray(piece * PIECE_FIELDS, (piece + 1) * PIECE_FIELDS);
  const [ratio = 1, epsilon = 0] = fields.subarray(2 * SIDE_FIELDS);
  return { sides: [sideOf(fields, dtypes), sideOf(fields.subarray(SIDE_FIELDS), dtypes)], scales: { ratio, epsilon } };
}

function sideOf([file = 0, offset = 0, bytes = 0, number = 0]: Float64Array, dtypes: PairTask["dtypes"]): PieceSide {
  const dtype = dtypes[number];
  if (dtype === undefined) {
    throw new Error(t("A piece has dtype {0} of {1}.", number, dtypes.length));
  }
  return { file, offset, bytes, dtype };
}

/** What a thread is sent is not typed; only threads.ts sends anything. */
export function isPairTask(data: unknown): data is PairTask {
  return typeof data === "object" && data !== null && "measure" in data && "pieces" in data;
}
