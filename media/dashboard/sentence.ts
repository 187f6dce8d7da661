import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import { countFindings, countPoints as pointsOf } from "#l10n/counts.ts";
import { t } from "@vscode/l10n";
import { countPoints } from "../charts/segments.ts";
import type { StepRange } from "../charts/viewport.ts";
import { normLine } from "./run.ts";
import type { Line, ShownRun } from "./run.ts";

/** What the charts show, in words, for those who do not see them. */
export function describeCharts(run: ShownRun, shown: StepRange): string {
  const line = normLine(run);
  if (line === undefined) {
    return t("Run {0}: no gradient norm was logged.", run.name);
  }
  const [first, last] = [Math.round(shown.min), Math.round(shown.max)];
  const what = t("Gradient norm of {0} on a logarithmic axis, steps {1} to {2}.", run.name, first, last);
  return `${what} ${describeLast(line)} ${describeOddities(run, line)}`;
}

/** The news of an append, for the live region. */
export function describeProgress(run: ShownRun): string {
  const line = normLine(run);
  return line === undefined ? "" : `${describeLast(line)} ${countFindings(run.findings.length)}.`;
}

export function describeSteps({ start, end }: Finding): string {
  if (end === null) {
    return t("since step {0}", start);
  }
  return start === end ? t("step {0}", start) : t("steps {0}–{1}", start, end);
}

function describeLast({ curve }: Line): string {
  const { steps, values } = curve.current();
  const step = steps.at(-1);
  const value = values.at(-1);
  return step === undefined || value === undefined
    ? t("No point yet.")
    : t("Last value {0} at step {1}, {2}.", formatNumber(value), step, pointsOf(countPoints(curve)));
}

function describeOddities({ findings }: ShownRun, { off }: Line): string {
  const spikes = findings.filter(({ rule, tensor }) => rule === "GN201" && tensor === null).length;
  return [countSpikes(spikes), countNonFinite(off.nonFinite.length), `${countZeros(off.zero.length)}.`].join(", ");
}

function countSpikes(count: number): string {
  return count === 1 ? t("1 spike") : t("{0} spikes", count);
}

function countNonFinite(count: number): string {
  return count === 1 ? t("1 non-finite value") : t("{0} non-finite values", count);
}

function countZeros(count: number): string {
  return count === 1 ? t("1 zero value") : t("{0} zero values", count);
}
