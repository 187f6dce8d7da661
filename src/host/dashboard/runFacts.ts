import { formatNumber } from "#core/format.ts";
import type { Comparison } from "#protocol/dashboard/compare.ts";
import type { Run } from "#store/run.ts";
import { clipStateOf } from "#analysis/clipping/clipState.ts";
import { countPoints, countSteps } from "#l10n/counts.ts";
import { t } from "@vscode/l10n";

type Fact = Comparison["facts"][number];

const NONE = "–";

/** What two runs are, side by side: what a difference of their norms may come from. */
export function factsOf(own: Run, other: Run): Fact[] {
  return FACTS.map(([label, of]) => ({ label, own: of(own), other: of(other) }));
}

const FACTS: readonly (readonly [string, (run: Run) => string])[] = [
  [t("Clip threshold"), (run) => describeThreshold(run)],
  [t("Threshold from"), (run) => run.clipThreshold()?.source ?? NONE],
  [t("Logged norm"), (run) => describeClipState(run)],
  [t("Format"), (run) => formatOf(run)],
  [t("Name in the log"), (run) => run.first("globalNorm")?.key.name ?? NONE],
  [t("Steps"), (run) => describeSteps(run)],
  [t("Logged every"), (run) => describeInterval(run)],
  [t("Restarts"), (run) => String(Math.max(0, (run.first("globalNorm")?.segments() ?? 1) - 1))],
  [t("Tensors with norms"), (run) => String(run.tensors().size)],
  [t("First learning rate"), (run) => describeRate(run, 0)],
  [t("Last learning rate"), (run) => describeRate(run, -1)],
  [t("Loss scale"), (run) => describeLast(run)],
];

function describeThreshold(run: Run): string {
  const threshold = run.clipThreshold();
  return threshold === null ? t("unknown") : formatNumber(threshold.value);
}

function describeClipState(run: Run): string {
  const norms = run.first("globalNorm");
  if (norms === undefined) {
    return NONE;
  }
  const state = clipStateOf(norms.values(), { threshold: run.clipThreshold()?.value, resolution: norms.resolution() });
  return { pre: t("before clipping"), post: t("after clipping"), undetermined: t("undetermined") }[state];
}

function formatOf(run: Run): string {
  const path = run.first("globalNorm")?.path;
  return run.logs().find((log) => log.path === path)?.format ?? NONE;
}

function describeSteps(run: Run): string {
  const steps = run.first("globalNorm")?.steps();
  const [first, last] = [steps?.at(0), steps?.at(-1)];
  return first === undefined || last === undefined ? NONE : `${first} – ${last} (${countPoints(steps?.length ?? 0)})`;
}

function describeInterval(run: Run): string {
  const steps = run.first("globalNorm")?.steps() ?? [];
  const middle = steps.length >> 1;
  const interval = (steps[middle] ?? Number.NaN) - (steps[middle - 1] ?? Number.NaN);
  return Number.isFinite(interval) ? countSteps(interval) : NONE;
}

function describeRate(run: Run, index: number): string {
  const rate = run.first("learningRate")?.values().at(index);
  return rate === undefined ? NONE : formatNumber(rate);
}

function describeLast(run: Run): string {
  const scale = run.first("lossScale")?.last()?.value;
  return scale === undefined ? NONE : formatNumber(scale);
}
