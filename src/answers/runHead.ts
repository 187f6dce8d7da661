import { unitOf } from "#core/series.ts";
import { mainName } from "#analysis/normNames.ts";
import { clipVerdictOf } from "#analysis/clipping/clipState.ts";
import { formatNumber } from "#core/format.ts";
import type { Run } from "#store/run.ts";
import { describeAge } from "./age.ts";
import { quoteData } from "./dataText.ts";
import { PATH_CHARACTERS } from "./readRun.ts";
import type { ReadRun } from "./readRun.ts";

/** Which run, over which steps, and how old: the first line of what is said of a run. */
export function runLine({ run, modifiedMs }: ReadRun, nowMs: number): string {
  return `Run ${quoteData(run.id, PATH_CHARACTERS)}, ${stepRange(run)}, ${describeAge(modifiedMs, nowMs)}.`;
}

/** The steps that the log has of the global norm or, without one, of the first series. */
function stepRange(run: Run): string {
  const series = run.first("globalNorm") ?? run.series().find((one) => one.count() > 0);
  const steps = series?.steps() ?? [];
  if (series === undefined || steps.length === 0) {
    return "nothing logged yet";
  }
  let [low, high] = [Infinity, -Infinity];
  for (let index = 0; index < steps.length; index += 1) {
    low = Math.min(low, steps[index] ?? low);
    high = Math.max(high, steps[index] ?? high);
  }
  return `${unitOf(series.key.axis)}s ${low} to ${high} (as logged)`;
}

/** The threshold that the run was trained with, and whether the logged norms are from before clipping. */
export function clipLine(run: Run): string {
  const norms = run.first("globalNorm");
  const threshold = run.clipThreshold();
  if (norms === undefined) {
    return "The log has no global gradient norm.";
  }
  const { state } = clipVerdictOf(norms.values(), { threshold: threshold?.value, resolution: norms.resolution() });
  const configured =
    threshold === null
      ? "No clip threshold is logged"
      : `Clip threshold ${formatNumber(threshold.value)} (${quoteData(threshold.source)})`;
  const name = mainName(run);
  const norm = name === null ? "the logged norms" : `the logged norms of ${quoteData(name)}`;
  return `${configured}; ${norm} are ${STATES[state]}.`;
}

const STATES = {
  pre: "from before clipping",
  post: "from after clipping, so larger ones were cut off",
  undetermined: "from before or after clipping, which their values do not tell",
} as const;
