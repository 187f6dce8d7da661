import { lead } from "./leading.ts";
import type { LeftOut } from "./leading.ts";

/**
 * Tells, after a log has grown, whether what it holds should now be shown in place of the same numbers of another log: one
 * that is more precise as soon as it has caught up, any other when the one that is shown stood still meanwhile. So logs
 * that grow side by side do not take turns. One that is written at saves alone stands still until the next one. One series
 * speaks for all of a log.
 */
export function createOvertaking(
  leftOut: readonly LeftOut[],
  isWrittenAtSaves: (path: string) => boolean,
): (path: string) => boolean {
  const byPath = new Map(leftOut.toReversed().map((one) => [one.twin.series.path, one]));
  const counts = new Map<string, number>();
  return (path) => {
    const one = byPath.get(path);
    if (one === undefined) {
      return false;
    }
    const ahead = lead(one.twin, one.leader);
    if (one.isMorePrecise) {
      return ahead >= 0;
    }
    const count = one.leader.series.count();
    const stoodStill = counts.get(path) === count || isWrittenAtSaves(one.leader.series.path);
    counts.set(path, count);
    return stoodStill && ahead > 0;
  };
}
