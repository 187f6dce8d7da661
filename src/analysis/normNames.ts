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
