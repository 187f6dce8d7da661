import { joinSeries } from "./joinSeries.ts";
import type { SourcedSeries } from "./series.ts";
import { createPool } from "./columns/pool.ts";
import { startOf } from "./startOf.ts";

/** Makes one series of several, the same one as long as only the last of them grows. */
export interface Joiner {
  /** Each from its first step on. */
  readonly all: (parts: readonly [SourcedSeries, ...SourcedSeries[]]) => SourcedSeries;
  /** The last one whole, and of the other what comes before it. */
  readonly behind: (before: SourcedSeries, last: SourcedSeries) => SourcedSeries;
}

interface Joined {
  readonly parts: readonly SourcedSeries[];
  /** How long all but the last were. */
  readonly counts: readonly number[];
  readonly series: SourcedSeries;
}

/** Joins series and remembers what it joined. */
export function createJoiner(): Joiner {
  const joined = new WeakMap<SourcedSeries, Joined>();
  const extended = new WeakMap<SourcedSeries, Joined>();
  const pool = createPool();
  return {
    all(parts) {
      const last = parts.at(-1) ?? parts[0];
      return parts.length === 1 ? last : remembered(joined, { parts, last, join: () => joinSeries(parts) });
    },
    behind(before, last) {
      const until = last.steps()[0] ?? Infinity;
      const join = (): SourcedSeries => joinSeries([startOf(before, { until, pool }), last]);
      return remembered(extended, { parts: [before, last], last, join });
    },
  };
}

interface Wanted {
  readonly parts: readonly SourcedSeries[];
  readonly last: SourcedSeries;
  readonly join: () => SourcedSeries;
}

function remembered(memory: WeakMap<SourcedSeries, Joined>, { parts, last, join }: Wanted): SourcedSeries {
  const counts = parts.slice(0, -1).map((part) => part.count());
  const known = memory.get(last);
  if (
    known?.parts.length === parts.length &&
    known.parts.every((part, index) => part === parts[index]) &&
    known.counts.every((count, index) => count === counts[index])
  ) {
    return known.series;
  }
  const series = join();
  memory.set(last, { parts, counts, series });
  return series;
}
