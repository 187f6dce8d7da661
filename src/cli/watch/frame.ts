import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import type { Severity } from "#core/rules.ts";
import { printable } from "../text/terminalText.ts";
import type { RunView } from "./runView.ts";
import { sparkText } from "./sparkText.ts";

/** A line of the terminal. */
export interface Line {
  readonly text: string;
  readonly tone: Severity | "title" | "plain";
}

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

// Of the findings of a run the last ones are shown; the first are told by `gradlens log`.
const MOST_FINDINGS = 6;

/** All that fits on the screen. The last column stays empty: what clears the rest of a line would clear it too. */
export function frameOf(title: string, runs: readonly RunView[], { columns, rows }: FrameSize): readonly Line[] {
  const lines: readonly Line[] = [
    { text: title, tone: "plain" },
    ...(runs.length === 0 ? [{ text: "No gradient norm yet.", tone: "plain" } as const] : runs.flatMap(linesOf)),
  ];
  const shown = lines.length > rows ? [...lines.slice(0, rows - 1), { text: "…", tone: "plain" } as const] : lines;
  return shown.map(({ text, tone }) => ({ text: cut(printable(text), columns - 1), tone }));
}

function linesOf(run: RunView): Line[] {
  const { buckets, findings } = run;
  const shown = findings.slice(-MOST_FINDINGS);
  const earlier = findings.length - shown.length;
  return [
    { text: "", tone: "plain" },
    { text: summaryOf(run), tone: "title" },
    ...(buckets.length === 0 ? [] : [{ text: `${sparkText(buckets)}  ${rangeOf(run)}`, tone: "plain" } as const]),
    ...(earlier > 0 ? [{ text: `${earlier} earlier findings`, tone: "plain" } as const] : []),
    ...shown.map((finding): Line => ({ text: findingText(finding), tone: finding.severity })),
  ];
}

/** A run's last numbers. */
export function summaryOf({ name, norm, normName, unit, loss, learningRate, threshold, idleSeconds }: RunView): string {
  const parts = [
    name,
    ...(norm === undefined
      ? ["no gradient norm yet"]
      : [`${unit} ${norm.step}`, `${normName ?? "norm"} ${formatNumber(norm.value)}`]),
    ...(loss === undefined ? [] : [`loss ${formatNumber(loss.value)}`]),
    ...(learningRate === undefined ? [] : [`lr ${formatNumber(learningRate.value)}`]),
    ...(threshold === undefined ? [] : [`clip ${formatNumber(threshold)}`]),
    ...(idleSeconds === undefined ? [] : [`nothing new for ${durationOf(idleSeconds)}`]),
  ];
  return parts.join("  ");
}

export function findingText({ severity, rule, message }: Finding): string {
  return `${severity} ${rule}: ${message}`;
}

function rangeOf({ buckets }: RunView): string {
  const lows = buckets.flatMap(({ low }) => low?.value ?? []);
  const highs = buckets.flatMap(({ high }) => high?.value ?? []);
  return lows.length === 0 ? "" : `${formatNumber(Math.min(...lows))} to ${formatNumber(Math.max(...highs))}`;
}

function durationOf(seconds: number): string {
  if (seconds < 120) {
    return `${Math.floor(seconds)} s`;
  }
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function cut(text: string, columns: number): string {
  const characters = Array.from(text);
  return characters.length <= columns ? text : `${characters.slice(0, Math.max(0, columns - 1)).join("")}…`;
}
