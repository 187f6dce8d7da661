import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import type { RuleId } from "#core/rules.ts";
import { t } from "@vscode/l10n";
import type { NormColumns } from "./loggedNorms.ts";

/** What people say of the global norms they expect; undefined where they say nothing. */
export interface LogLimits {
  readonly maxNorm: number | undefined;
  /** So many logged norms may be NaN or infinite. */
  readonly maxNan: number | undefined;
}

interface LimitedNorms extends NormColumns {
  readonly pathAt: (step: number) => string;
}

/** GN601 and GN602: what exceeds a given limit. One finding each, however often it happens. */
export function limitFindings(norms: LimitedNorms, { maxNorm, maxNan }: LogLimits): readonly Finding[] {
  return [
    ...(maxNorm === undefined ? [] : tooLarge(norms, maxNorm)),
    ...(maxNan === undefined || countBroken(norms) <= maxNan ? [] : tooManyNan(norms, maxNan)),
  ];
}

/** Findings without those on NaN and Inf that the limit allows. */
export function withinLimits(
  findings: readonly Finding[],
  norms: LimitedNorms | undefined,
  { maxNan }: LogLimits,
): readonly Finding[] {
  const isAllowed = norms !== undefined && maxNan !== undefined && countBroken(norms) <= maxNan;
  return isAllowed ? findings.filter(({ rule }) => rule !== "GN101") : findings;
}

function indexesOf({ values }: NormColumns, isMeant: (value: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (let index = 0; index < values.length; index += 1) {
    if (isMeant(values[index] ?? 0)) {
      found.push(index);
    }
  }
  return found;
}

function countBroken(norms: NormColumns): number {
  return indexesOf(norms, isBroken).length;
}

function isBroken(value: number): boolean {
  return !Number.isFinite(value);
}

function tooLarge(norms: LimitedNorms, limit: number): readonly Finding[] {
  const found = indexesOf(norms, (value) => value > limit && value < Infinity);
  const valueAt = (index: number): number => norms.values[index] ?? Number.NaN;
  const peak = found.reduce((best, index) => (valueAt(index) > valueAt(best) ? index : best), found[0] ?? -1);
  const first = t(
    "The global gradient norm is {0} at step {1}, above the limit of {2}.",
    formatNumber(valueAt(peak)),
    stepOf(norms, peak),
    formatNumber(limit),
  );
  const message = found.length === 1 ? first : t("{0} It is above it at {1} points.", first, found.length);
  return findingAt(norms, found, { rule: "GN601", peak, limit, message });
}

function tooManyNan(norms: LimitedNorms, limit: number): readonly Finding[] {
  const found = indexesOf(norms, isBroken);
  const [peak = -1] = found;
  const message = t(
    "{0} logged norms are NaN or infinite, more than the {1} allowed; the first at step {2}.",
    found.length,
    limit,
    stepOf(norms, peak),
  );
  return findingAt(norms, found, { rule: "GN602", peak, limit, message });
}

interface Exceeded {
  readonly rule: RuleId;
  /** Index of the point that shows it best. */
  readonly peak: number;
  readonly limit: number;
  readonly message: string;
}

function findingAt(norms: LimitedNorms, found: readonly number[], exceeded: Exceeded): readonly Finding[] {
  const { rule, peak, limit, message } = exceeded;
  const [first, last] = [found[0], found.at(-1)];
  if (first === undefined || last === undefined) {
    return [];
  }
  return [
    {
      rule,
      severity: "error",
      tensor: null,
      start: stepOf(norms, first),
      peak: stepOf(norms, peak),
      end: last === norms.values.length - 1 ? null : stepOf(norms, last),
      value: norms.values[peak] ?? Number.NaN,
      limit,
      message,
      source: { path: norms.pathAt(stepOf(norms, peak)), line: (norms.lines[peak] ?? 0) + 1 },
    },
  ];
}

function stepOf({ steps }: NormColumns, index: number): number {
  return steps[index] ?? Number.NaN;
}
