import { normsByName } from "#analysis/normNames.ts";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";
import { listOf } from "../text/listOf.ts";
import { UsageError } from "../usage.ts";

/** The global norm that advice is about. */
export interface ChosenNorm {
  /** Null where the log has no global norm. */
  readonly name: string | null;
  /** The run's further norms that could be chosen instead. */
  readonly others: readonly string[];
  /** Undefined for the main norm. */
  readonly further: SourcedSeries | undefined;
}

/** The norm that was asked for by name, or else the main one. */
export function chooseNorm(run: Run, wanted: string | undefined): ChosenNorm {
  const norms = normsByName(run);
  const names = [...norms.keys()];
  const [main = null] = names;
  const name = wanted ?? main;
  if (wanted !== undefined && !norms.has(wanted)) {
    const known = names.length === 0 ? "it has none" : `it has ${listOf(names)}`;
    throw new UsageError(`--norm ${wanted} is no global norm of ${run.id}; ${known}`);
  }
  return {
    name,
    others: names.filter((one) => one !== name),
    further: wanted === undefined || wanted === main ? undefined : norms.get(wanted),
  };
}
