import type { TensorChanges, TensorRow } from "#protocol/dashboard/tensorRows.ts";
import { RECENT_VALUES } from "#protocol/dashboard/tensorRows.ts";
import { countNonFinite } from "#store/columns/bucket.ts";
import type { SourcedSeries } from "#store/series.ts";
import type { Run } from "#store/run.ts";
import { describeTensor, quantilesOf, sharesOf } from "./tensorRows.ts";

/** What a page has of the tensors of a run, so that it need only be told what changed. */
export interface TensorFeed {
  /** The page was told all rows. */
  readonly told: (run: Run, rows: readonly TensorRow[]) => void;
  /** Since what was told last. Works on quantiles no longer than `forMs`; the others come with the next changes. */
  readonly changes: (run: Run, forMs: number) => TensorChanges;
  /** Whether quantiles are left for the next changes. */
  readonly isBehind: () => boolean;
}

/** What the page has of a row. */
interface Told {
  readonly series: SourcedSeries;
  readonly coarsened: number;
  samples: number;
  share: number | null;
  /** The samples that its quantiles are of. */
  ranked: number;
}

export function createTensorFeed(): TensorFeed {
  let told: Told[] = [];
  let next = 0;
  return {
    told(run, rows) {
      told = Array.from(run.tensors().values(), (series, index) => toldOf(series, rows[index]));
      next = 0;
    },
    changes(run, forMs) {
      const rows = Array.from(run.tensors());
      const shares = sharesOf(run);
      const whole: TensorChanges["whole"] = [];
      const growth = createGrowth();
      told.length = Math.min(told.length, rows.length);
      for (const [row, [name, series]] of rows.entries()) {
        const share = shares.get(name) ?? null;
        const before = told[row];
        if (before !== undefined && goesOn(before, series)) {
          growth.add(row, before, share);
        } else {
          const described = { ...describeTensor(name, series, share), ...quantilesOf(series) };
          whole.push({ row, ...described });
          told[row] = toldOf(series, described);
        }
      }
      return { count: rows.length, whole, ...growth.columns(rows.length), quantiles: rank(forMs) };
    },
    isBehind: () => told.some(isUnranked),
  };

  /** The quantiles of some neighbouring rows, from where it was left off. */
  function rank(forMs: number): TensorChanges["quantiles"] {
    const from = firstUnranked();
    const medians: number[] = [];
    const p99s: number[] = [];
    const endMs = performance.now() + forMs;
    for (next = from; next < told.length && performance.now() < endMs; next++) {
      const row = told[next];
      if (row !== undefined) {
        const { median, p99 } = quantilesOf(row.series);
        medians.push(median ?? Number.NaN);
        p99s.push(p99 ?? Number.NaN);
        row.ranked = row.samples;
      }
    }
    return { from, medians: Float64Array.from(medians), p99s: Float64Array.from(p99s) };
  }

  /** After the row that was ranked last, or else before it; the number of rows when there is none. */
  function firstUnranked(): number {
    const after = told.findIndex((row, index) => index >= next && isUnranked(row));
    const before = after === -1 ? told.findIndex(isUnranked) : after;
    return before === -1 ? told.length : before;
  }
}

function toldOf(series: SourcedSeries, row: TensorRow | undefined): Told {
  const samples = series.count();
  return { series, coarsened: series.coarsened(), samples, share: row?.share ?? null, ranked: samples };
}

/** Counting all of a series takes longer than telling its new samples, so it is only done where it must. */
function isCounted(value: number): boolean {
  return value === 0 || !Number.isFinite(value);
}

function isUnranked({ samples, ranked }: Told): boolean {
  return samples !== ranked;
}

function goesOn({ series, samples, coarsened }: Told, now: SourcedSeries): boolean {
  return series === now && coarsened === now.coarsened() && now.count() - samples <= RECENT_VALUES;
}

type Growth = Pick<TensorChanges, "grown" | "added" | "values" | "shares" | "counted">;

/** Collects the columns of what grew, and notes it as told. */
function createGrowth(): {
  readonly add: (row: number, told: Told, share: number | null) => void;
  readonly columns: (rows: number) => Growth;
} {
  const grown: number[] = [];
  const added: number[] = [];
  const values: number[] = [];
  const shares: number[] = [];
  const counted: number[] = [];
  return {
    add(row, told, share) {
      const { series, samples } = told;
      if (series.count() === samples && share === told.share) {
        return;
      }
      const fresh = series.since(samples).values;
      grown.push(row);
      added.push(fresh.length);
      values.push(...fresh);
      shares.push(share ?? Number.NaN);
      if (fresh.some(isCounted)) {
        const counts = series.counts();
        counted.push(row, countNonFinite(counts), counts.zero);
      }
      told.samples = series.count();
      told.share = share;
    },
    columns: (rows) => ({
      grown: grown.length === rows ? null : Uint32Array.from(grown),
      added: Uint8Array.from(added),
      values: Float64Array.from(values),
      shares: Float32Array.from(shares),
      counted: Uint32Array.from(counted),
    }),
  };
}
