import { globalNormsOf, isOtherView } from "#analysis/normJudges.ts";
import type { FurtherNorm } from "#protocol/dashboard/furtherNorm.ts";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";

/** The global norms that a run logs beside its main one, by names of which each is another. */
export function furtherNorms(run: Pick<Run, "series">): ReadonlyMap<string, SourcedSeries> {
  const [main, ...others] = globalNormsOf(run);
  const named = new Map<string, SourcedSeries>();
  const isTaken = (name: string): boolean => name === main?.key.name || named.has(name);
  for (const series of others) {
    const { name } = series.key;
    const inLog = `${name} (${series.path.split(/[\\/]/).at(-1) ?? ""})`;
    named.set(isTaken(name) ? inLog : name, series);
  }
  return named;
}

export function describeFurtherNorms(run: Pick<Run, "series">): FurtherNorm[] {
  const all = globalNormsOf(run);
  return Array.from(furtherNorms(run), ([name, { key }]) => ({
    name,
    ...(key.axis !== undefined && { axis: key.axis }),
    isApart: isOtherView(key, all),
  }));
}
