import type { Finding } from "#core/finding.ts";
import { formatNumber } from "#core/format.ts";
import type { RuleId } from "#core/rules.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { NormColumns } from "./points/loggedNorms.ts";
import { withAxis } from "./findings.ts";
import { ofNorm } from "./normNames.ts";

/** What people say of the global norms they expect; undefined where they say nothing. */
export interface LogLimits {
  readonly maxNorm: number | undefined;
  /** So many logged norms may be NaN or infinite. */
  readonly maxNan: number | undefined;
}

/** One of a run's global norms. */
export interface LimitedNorms extends NormColumns {
  /** As findings name it: null for the first. */
  readonly name: string | null;
  /** What their steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
  readonly valueAt: (step: number) => number | undefined;
  readonly pathAt: (step: number) => string;
}

/**
 * GN601 and GN602: what exceeds a given limit. One finding each for a norm, however often it happens; none for another
 * norm than the first that exceeds it only where the first does.
 */
export function limitFindings(
  [first, ...others]: readonly LimitedNorms[],
  { maxNorm, maxNan }: LogLimits,
): readonly Finding[] {
  const isTooLarge = (value: number): boolean => maxNorm !== undefined && value > maxNorm && value < Infinity;
  const told = (isMeant: (value: number) => boolean): readonly LimitedNorms[] =>
    first === undefined ? [] : [first, ...others.filter((other) => exceedsBeside(first, other, isMeant))];
  return [
    ...(maxNorm === undefined ? [] : told(isTooLarge).flatMap((norms) => tooLarge(norms, maxNorm))),
    ...(maxNan === undefined ? [] : told(isBroken).flatMap((norms) => tooManyNan(norms, maxNan))),
  ];
}

/** Findings without those on NaN and Inf that the limit allows. */
export function withinLimits(
  findings: readonly Finding[],
  norms: readonly LimitedNorms[],
  { maxNan }: LogLimits,
): readonly Finding[] {
  if (maxNan === undefined) {
    return findings;
  }
  const told = new Set(norms.filter((one) => indexesOf(one, isBroken).length > maxNan).map(({ name }) => name));
  return findings.filter(({ rule, tensor }) => rule !== "GN101" || told.has(tensor));
}

function exceedsBeside(first: LimitedNorms, other: LimitedNorms, isMeant: (value: number) => boolean): boolean {
  return indexesOf(other, isMeant).some((index) => !isMeant(first.valueAt(stepOf(other, index)) ?? 0));
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

function isBroken(value: number): boolean {
  return !Number.isFinite(value);
}

function tooLarge(norms: LimitedNorms, limit: number): readonly Finding[] {
  const found = indexesOf(norms, (value) => value > limit && value < Infinity);
  const valueAt = (index: number): number => norms.values[index] ?? Number.NaN;
  const peak = found.reduce((best, index) => (valueAt(index) > valueAt(best) ? index : best), found[0] ?? -1);
  const first = t(
    "The global gradient norm is {0} at {1}, above the limit of {2}.",
    formatNumber(valueAt(peak)),
    stepName(stepOf(norms, peak), norms.axis),
    formatNumber(limit),
  );
  const message = found.length === 1 ? first : t("{0} It is above it at {1} points.", first, found.length);
  return findingAt(norms, found, { rule: "GN601", peak, limit, message });
}

function tooManyNan(norms: LimitedNorms, limit: number): readonly Finding[] {
  const found = indexesOf(norms, isBroken);
  if (found.length <= limit) {
    return [];
  }
  const [peak = -1] = found;
  const message = t(
    "{0} logged norms are NaN or infinite, more than the {1} allowed; the first at {2}.",
    found.length,
    limit,
    stepName(stepOf(norms, peak), norms.axis),
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
      tensor: norms.name,
      start: stepOf(norms, first),
      peak: stepOf(norms, peak),
      end: last === norms.values.length - 1 ? null : stepOf(norms, last),
      ...withAxis(norms.axis),
      value: norms.values[peak] ?? Number.NaN,
      limit,
      message: ofNorm(norms.name, message),
      source: { path: norms.pathAt(stepOf(norms, peak)), line: (norms.lines[peak] ?? 0) + 1 },
    },
  ];
}

function stepOf({ steps }: NormColumns, index: number): number {
  return steps[index] ?? Number.NaN;
}
