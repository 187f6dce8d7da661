import { isOtherView, normsByName } from "#analysis/normNames.ts";
import type { FurtherNorm } from "#protocol/dashboard/furtherNorm.ts";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";

/** The global norms that a run logs beside its main one, by names of which each is another. */
export function furtherNorms(run: Pick<Run, "ofKind">): ReadonlyMap<string, SourcedSeries> {
  return new Map(Array.from(normsByName(run)).slice(1));
}

export function describeFurtherNorms(run: Pick<Run, "ofKind">): FurtherNorm[] {
  const all = run.ofKind("globalNorm");
  return Array.from(furtherNorms(run), ([name, { key }]) => ({
    name,
    ...(key.axis !== undefined && { axis: key.axis }),
    isApart: isOtherView(key, all),
  }));
}
