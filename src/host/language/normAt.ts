import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";

/** A number that stands in a line of a log. */
export interface NumberAt {
  readonly value: number;
  readonly start: number;
  readonly end: number;
  /** What stands right before it as its name: the key of a JSON object, the word before an `=`. */
  readonly key: string | undefined;
}

/** A norm of a run, at the place in the log where it stands. */
export interface NormAt {
  readonly series: SourcedSeries;
  readonly step: number;
  readonly value: number;
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|"?-?\b(?:NaN|nan|Infinity|inf)\b"?/g;
const KEY = /(?:["']([^"']+)["']|([\w./-]+))\s*[:=]\s*$/;
const MOST_CHARACTERS = 400; // Before the number: a key is not longer.

/** The number around a character of a line; undefined between numbers, and inside of names such as `h.0`. */
export function numberAt(line: string, character: number): NumberAt | undefined {
  const from = Math.max(0, character - 40); // A number is not longer.
  for (const match of line.slice(from, character + 40).matchAll(NUMBER)) {
    const [start, text] = [from + match.index, match[0]];
    const end = start + text.length;
    const isInWord = /[\w.]/.test(line[start - 1] ?? " ") || /[\w.]/.test(line[end] ?? " ");
    if (start <= character && character <= end && !isInWord) {
      const key = KEY.exec(line.slice(Math.max(0, start - MOST_CHARACTERS), start));
      return { value: valueOf(text), start, end, key: key?.[1] ?? key?.[2] };
    }
  }
  return undefined;
}

/** The norm that a number on a line of a log is; undefined where it is another quantity. */
export function normAt(run: Run, path: string, line: number, number: NumberAt): NormAt | undefined {
  const named = run.series().find(({ key }) => key.name === number.key && isNorm(key.kind));
  const series = named ?? (number.key === undefined ? run.first("globalNorm") : undefined);
  const norm = series === undefined ? undefined : sampleOn(series, path, line);
  return norm !== undefined && isSame(norm, number.value) ? norm : undefined;
}

function isNorm(kind: string): boolean {
  return kind === "globalNorm" || kind === "tensorNorm";
}

function sampleOn(series: SourcedSeries, path: string, line: number): NormAt | undefined {
  const [lines, steps, values] = [series.lines(), series.steps(), series.values()];
  for (let index = lines.indexOf(line); index >= 0; index = lines.indexOf(line, index + 1)) {
    const [step, value] = [steps[index], values[index]];
    if (step !== undefined && value !== undefined && series.pathAt(step) === path) {
      return { series, step, value };
    }
  }
  return undefined;
}

// Of a table without keys the number itself has to tell; float32 keeps seven digits.
const SAME = 1e-6;

function isSame({ value, series }: NormAt, shown: number): boolean {
  const rounding = Math.max(SAME * Math.abs(value), series.resolution() ?? 0);
  return Object.is(value, shown) || Math.abs(value - shown) <= rounding;
}

function valueOf(text: string): number {
  const bare = text.replaceAll('"', "");
  if (/nan/i.test(bare)) {
    return Number.NaN;
  }
  return /inf/i.test(bare) ? (bare.startsWith("-") ? -Infinity : Infinity) : Number(bare);
}
