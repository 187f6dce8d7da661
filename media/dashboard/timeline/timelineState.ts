import type { AxisName } from "#protocol/dashboard/timeline.ts";
import { isRecord } from "../../shared/tableState.ts";

/** How the timeline looks, kept across hiding and reloading. */
export interface TimelineState {
  readonly axis: "step" | AxisName;
  /** Weight of the past, 0 for none. */
  readonly smoothing: number;
  /** Further norms of a run by name, as far as people have said whether they are drawn. */
  readonly norms: Readonly<Record<string, boolean>>;
  /** Runs beside the one shown. */
  readonly others: readonly string[];
  readonly isSideBySide: boolean;
}

export const MOST_SMOOTHING = 0.99;
/** Beside the one shown; more lines than this cannot be told apart. */
export const MOST_OVERLAID = 5;
/** Side by side each run has a panel of its own. */
export const MOST_SIDE_BY_SIDE = 15;

const FIRST: TimelineState = { axis: "step", smoothing: 0, norms: {}, others: [], isSideBySide: false };
const AXES: readonly TimelineState["axis"][] = ["step", "time", "samples", "tokens"];

export function parseTimelineState(stored: unknown): TimelineState {
  if (!isRecord(stored)) {
    return FIRST;
  }
  const { axis, smoothing, norms, others, isSideBySide } = stored;
  return {
    axis: AXES.find((name) => name === axis) ?? FIRST.axis,
    smoothing: typeof smoothing === "number" && smoothing > 0 && smoothing <= MOST_SMOOTHING ? smoothing : 0,
    norms: isRecord(norms)
      ? Object.fromEntries(Object.entries(norms).flatMap(([name, is]) => (typeof is === "boolean" ? [[name, is]] : [])))
      : {},
    others: Array.isArray(others) ? others.filter((id) => typeof id === "string") : [],
    isSideBySide: isSideBySide === true,
  };
}
