import { RECENT_VALUES } from "#protocol/dashboard/tensorRows.ts";
import type { TensorChanges, TensorRow } from "#protocol/dashboard/tensorRows.ts";

/** A list of which the host has told what changed. */
export function growList<Item>(
  before: readonly Item[],
  { keep, items }: { readonly keep: number; readonly items: readonly Item[] },
): readonly Item[] {
  return keep === before.length && items.length === 0 ? before : [...before.slice(0, keep), ...items];
}

/** The rows of all tensors after what the host has told; the rows before stay as they are. */
export function growRows(before: readonly TensorRow[], changes: TensorChanges): readonly TensorRow[] {
  const rows = before.slice(0, changes.count);
  for (const { row, ...is } of changes.whole) {
    rows[row] = is;
  }
  addSamples(rows, changes);
  for (let at = 0; at < changes.counted.length; at += 3) {
    const [row = 0, nonFinite = 0, zeros = 0] = changes.counted.subarray(at, at + 3);
    replace(rows, row, { nonFinite, zeros });
  }
  const { from, medians, p99s } = changes.quantiles;
  for (const [index, median] of medians.entries()) {
    replace(rows, from + index, { median: orNull(median), p99: orNull(p99s[index]) });
  }
  return rows;
}

function addSamples(rows: TensorRow[], { count, grown, added, values, shares }: TensorChanges): void {
  let from = 0;
  for (const [index, samples] of added.entries()) {
    const row = grown === null ? index : (grown[index] ?? count);
    const fresh = values.subarray(from, from + samples);
    const recent = rows[row]?.recent ?? new Float64Array();
    from += samples;
    replace(rows, row, {
      share: orNull(shares[index]),
      ...(samples > 0 && { last: fresh.at(-1) ?? Number.NaN, recent: lastOf(recent, fresh) }),
    });
  }
}

function lastOf(recent: Float64Array, fresh: Float64Array): TensorRow["recent"] {
  const kept = recent.subarray(Math.max(0, recent.length + fresh.length - RECENT_VALUES));
  const joined = new Float64Array(kept.length + fresh.length);
  joined.set(kept);
  joined.set(fresh, kept.length);
  return joined;
}

function replace(rows: TensorRow[], index: number, change: Partial<TensorRow>): void {
  const row = rows[index];
  if (row !== undefined) {
    rows[index] = { ...row, ...change };
  }
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
