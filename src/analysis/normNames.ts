import type { SeriesKey } from "#core/series.ts";
import { t } from "@vscode/l10n";
import { isOfOtherRank } from "./points/logContext.ts";
import type { LoggedSeries, SeriesByKind } from "./points/logContext.ts";

type NamedSeries = LoggedSeries & { readonly path: string };

/**
 * The global norms of a run, the main one first, by names of which each is another: as the log spells it, and with the
 * log where two logs that disagree have the same.
 */
export function normsByName<S extends NamedSeries>(run: SeriesByKind<S>): ReadonlyMap<string, S> {
  const named = new Map<string, S>();
  for (const norms of run.ofKind("globalNorm")) {
    const { name } = norms.key;
    const inLog = `${name} (${norms.path.split(/[\\/]/).at(-1) ?? ""})`;
    named.set(named.has(name) ? inLog : name, norms);
  }
  return named;
}

/** What sentences call the first norm by: its name, in a run that has others of other models or from after clipping. */
export function mainName(run: SeriesByKind): string | null {
  const all = run.ofKind("globalNorm");
  const [first, ...others] = all;
  return others.some(({ key }) => !isOtherView(key, all)) ? (first?.key.name ?? null) : null;
}

/** Whether a norm is of another process or log, or over another axis than the first: another look at the same training. */
export function isOtherView({ name, axis }: SeriesKey, all: readonly LoggedSeries[]): boolean {
  const first = all[0]?.key;
  return first?.axis !== axis || first?.name === name || all.some(({ key }) => isOfOtherRank(name, key.name));
}

/** A sentence about a global norm; the only one needs no name. */
export function ofNorm(name: string | null, sentence: string): string {
  return name === null ? sentence : t("{0}: {1}", name, sentence);
}
