import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import { countPoints } from "../charts/segments.ts";
import type { StepRange } from "../charts/viewport.ts";
import { normLine } from "./run.ts";
import type { Line, ShownRun } from "./run.ts";

/** What the charts show, in words, for those who do not see them. */
export function describeCharts(run: ShownRun, shown: StepRange): string {
  const line = normLine(run);
  if (line === undefined) {
    return `Run ${run.name}: no gradient norm was logged.`;
  }
  const steps = `steps ${Math.round(shown.min)} to ${Math.round(shown.max)}`;
  return `Gradient norm of ${run.name} on a logarithmic axis, ${steps}. ${describeLast(line)} ${describeOddities(run, line)}`;
}

/** The news of an append, for the live region. */
export function describeProgress(run: ShownRun): string {
  const line = normLine(run);
  return line === undefined ? "" : `${describeLast(line)} ${plural(run.findings.length, "finding")}.`;
}

export function describeSteps({ start, end }: Finding): string {
  if (end === null) {
    return `since step ${start}`;
  }
  return start === end ? `step ${start}` : `steps ${start}–${end}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function describeLast({ curve }: Line): string {
  const { steps, values } = curve.current();
  const step = steps.at(-1);
  const value = values.at(-1);
  return step === undefined || value === undefined
    ? "No point yet."
    : `Last value ${formatNumber(value)} at step ${step}, ${plural(countPoints(curve), "point")}.`;
}

function describeOddities({ findings }: ShownRun, { off }: Line): string {
  const spikes = findings.filter(({ rule }) => rule === "GN201").length;
  const zeros = plural(off.zero.length, "zero value");
  return `${plural(spikes, "spike")}, ${plural(off.nonFinite.length, "non-finite value")}, ${zeros}.`;
}
