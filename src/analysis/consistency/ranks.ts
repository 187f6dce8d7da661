import { formatNumber } from "#core/format.ts";
import { asSquaredNorm, globalNorm } from "#core/norm.ts";
import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import { isPositive } from "./suspicion.ts";
import type { Curve, Suspicion } from "./suspicion.ts";

const EQUAL = 1e-3;
const LEAST_STEPS = 3;

/** Whether the norms that several processes logged at one step are the same, so that they were reduced. */
function areReduced(norms: readonly number[]): boolean {
  return Math.max(...norms) <= Math.min(...norms) * (1 + EQUAL);
}

/** sqrt of the sum of the squares of all processes: the global norm if, and only if, each holds other parameters. */
function normOfShards(norms: readonly number[]): number {
  return globalNorm(norms.map((norm) => asSquaredNorm(norm ** 2)));
}

/** Processes of one training that log different norms at equal steps: each logs its own part. */
export function compareRanks(ranks: readonly Curve[], axis?: Axis): Suspicion | undefined {
  const rows = normsByStep(ranks);
  const different = rows.filter(({ norms }) => !areReduced(norms));
  const last = different.at(-1);
  if (last === undefined || different.length < LEAST_STEPS || different.length * 2 < rows.length) {
    return undefined;
  }
  const [lowest, highest] = [formatNumber(Math.min(...last.norms)), formatNumber(Math.max(...last.norms))];
  const combined = normOfShards(last.norms);
  return {
    kind: "rankLocal",
    isProven: false,
    sentence: t(
      "Suspect because {0} processes log different norms at {1} of {2} steps, {3} to {4} at {5}: each is the norm of a part. If their parameters are shards, the global norm there is {6}.",
      ranks.length,
      different.length,
      rows.length,
      lowest,
      highest,
      stepName(last.step, axis),
      formatNumber(combined),
    ),
    evidence: {
      count: different.length,
      of: rows.length,
      firstStep: different[0]?.step ?? last.step,
      lastStep: last.step,
      value: combined,
    },
  };
}

interface Row {
  readonly step: number;
  readonly norms: readonly number[];
}

/** Steps at which every process has a positive norm. */
function normsByStep(ranks: readonly Curve[]): readonly Row[] {
  const [first, ...others] = ranks;
  const maps = others.map(({ steps, values }) => new Map(Array.from(steps, (step, index) => [step, values[index]])));
  return Array.from(first?.steps ?? [], (step, index) => {
    const norms = [first?.values[index], ...maps.map((one) => one.get(step))].filter(isPositive);
    return { step, norms };
  }).filter(({ norms }) => norms.length === ranks.length && ranks.length > 1);
}
