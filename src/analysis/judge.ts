import type { Detector } from "./detector.ts";
import type { LoggedNorms, NormColumns } from "./points/loggedNorms.ts";
import type { LogContext } from "./points/logContext.ts";

export interface JudgeOptions extends LogContext {
  readonly from: number;
  readonly resolution: LoggedNorms["resolution"];
}

/** Gives a detector the points from index `from` on; returns the index to go on from. */
export function judge(detector: Pick<Detector, "push">, columns: NormColumns, options: JudgeOptions): number {
  const { from, ...context } = options;
  detector.push({ ...columns, ...context }, from);
  return columns.steps.length;
}
