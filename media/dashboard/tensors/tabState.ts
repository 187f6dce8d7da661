import { isRecord } from "../../shared/tableState.ts";
import type { ColourMode } from "./palette.ts";
import type { Folds } from "./rows.ts";

/** How the tab looks, kept across hiding and reloading. */
export interface LayersState {
  readonly filter: string;
  readonly mode: ColourMode;
  readonly rowHeight: RowHeight;
  /** Undefined: folded where there are many tensors. */
  readonly folds: Folds | undefined;
}

/** CSS pixels. */
export const ROW_HEIGHTS = [18, 6, 2] as const;
export type RowHeight = (typeof ROW_HEIGHTS)[number];

/** Folds of so many groups are remembered. */
const MOST_FOLDS = 200;

export function parseLayersState(stored: unknown): LayersState {
  const { filter, mode, rowHeight, folds } = isRecord(stored) ? stored : {};
  return {
    filter: typeof filter === "string" ? filter : "",
    mode: mode === "change" ? "change" : "norm",
    rowHeight: ROW_HEIGHTS.find((height) => height === rowHeight) ?? ROW_HEIGHTS[0],
    folds: parseFolds(folds),
  };
}

export function storedLayersState({ folds, ...state }: LayersState): unknown {
  return { ...state, folds: folds && { ...folds, except: [...folds.except].slice(0, MOST_FOLDS) } };
}

function parseFolds(folds: unknown): Folds | undefined {
  if (!isRecord(folds) || typeof folds["areAllFolded"] !== "boolean" || !Array.isArray(folds["except"])) {
    return undefined;
  }
  const names: readonly unknown[] = folds["except"];
  return { areAllFolded: folds["areAllFolded"], except: new Set(names.filter((name) => typeof name === "string")) };
}
