import { stepName, stepRange, stepsFromTo } from "#l10n/stepName.ts";
import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import { countFindings, countPoints as pointsOf } from "#l10n/counts.ts";
import { t } from "@vscode/l10n";
import { countPoints } from "../charts/segments.ts";
import type { StepRange } from "../charts/viewport.ts";
import { normLine } from "./run.ts";
import type { Line, ShownRun } from "./run.ts";

type NamedLine = Pick<Line, "name" | "curve" | "off">;

/** What the charts show, in words, for those who do not see them; `norms` are drawn beside the main one. */
export function describeCharts(run: ShownRun, shown: StepRange, norms: readonly NamedLine[]): string {
  const line = normLine(run);
  if (line === undefined) {
    return t("Run {0}: no gradient norm was logged.", run.name);
  }
  const range = stepsFromTo(formatStep(shown.min, shown), formatStep(shown.max, shown), run.axis);
  const what = t("Gradient norm of {0} on a logarithmic axis, {1}.", run.name, range);
  const main = describeLine(run, line, null);
  const further = norms.map((norm) => t("{0}: {1}", norm.name, describeLine(run, norm, norm.name)));
  return [what, norms.length === 0 ? main : t("{0}: {1}", line.name, main), ...further].join(" ");
}

/** `judgedAs`: what findings about the norm name as theirs. */
function describeLine(run: ShownRun, line: NamedLine, judgedAs: Finding["tensor"]): string {
  return `${describeLast(run, line)} ${describeOddities(run, line, judgedAs)}`;
}

/** The news of an append, for the live region. */
export function describeProgress(run: ShownRun): string {
  const line = normLine(run);
  return line === undefined ? "" : `${describeLast(run, line)} ${countFindings(run.findings.length)}.`;
}

export function describeSteps({ start, end, axis }: Finding): string {
  if (end === null) {
    return t("since {0}", stepName(start, axis));
  }
  return start === end ? stepName(start, axis) : stepRange(start, end, axis);
}

/** Fractions only where so few steps are shown that they matter. */
export function formatStep(step: number, { min, max }: StepRange): string {
  return max - min > 20 ? String(Math.round(step)) : String(Number(step.toFixed(3)));
}

function describeLast({ axis }: ShownRun, { curve }: NamedLine): string {
  const { steps, values } = curve.current();
  const step = steps.at(-1);
  const value = values.at(-1);
  return step === undefined || value === undefined
    ? t("No point yet.")
    : t("Last value {0} at {1}, {2}.", formatNumber(value), stepName(step, axis), pointsOf(countPoints(curve)));
}

function describeOddities({ findings }: ShownRun, { off }: NamedLine, judgedAs: Finding["tensor"]): string {
  const spikes = findings.filter(({ rule, tensor }) => rule === "GN201" && tensor === judgedAs).length;
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
