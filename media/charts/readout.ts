import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { formatNumber } from "#core/format.ts";
import { t } from "@vscode/l10n";
import { lowerBound } from "./column.ts";
import type { Points } from "./segments.ts";

export interface Reading {
  readonly step: number;
  readonly value: number;
  /** Points that share the pixel column; the reading is the largest of them, and non-finite before finite. */
  readonly of: number;
}

/** What a line shows in the pixel column `from` to `to`, or its nearest point where the column is empty. */
export function readAt({ steps, values }: Points, from: number, to: number): Reading | undefined {
  const start = lowerBound(steps, from);
  const end = lowerBound(steps, to);
  if (end <= start) {
    return nearest({ steps, values }, (from + to) / 2);
  }
  let best = start;
  for (let i = start; i < end; i++) {
    if (isWorse(values[i] ?? Number.NaN, values[best] ?? Number.NaN)) {
      best = i;
    }
  }
  return readingOf({ steps, values }, best, end - start);
}

export function describeReading(reading: Reading | undefined, axis: Axis | undefined): string {
  if (reading === undefined) {
    return t("not measured");
  }
  const { value, of } = reading;
  const place = stepName(reading.step, axis);
  return of > 1
    ? t("{0}: {1} (max of {2} steps)", place, formatNumber(value), of)
    : t("{0}: {1}", place, formatNumber(value));
}

function isWorse(value: number, than: number): boolean {
  return Number.isFinite(than) && (!Number.isFinite(value) || value > than);
}

function nearest(points: Points, step: number): Reading | undefined {
  const after = lowerBound(points.steps, step);
  const distance = (index: number): number => Math.abs((points.steps[index] ?? Infinity) - step);
  return readingOf(points, distance(after - 1) <= distance(after) ? after - 1 : after, 1);
}

function readingOf({ steps, values }: Points, index: number, of: number): Reading | undefined {
  const step = steps[index];
  const value = values[index];
  return step === undefined || value === undefined ? undefined : { step, value, of };
}
