import { isOtherView, mainName } from "#analysis/normNames.ts";
import { formatNorm } from "#l10n/format.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import type { Run } from "#store/run.ts";
import type { SourcedSeries } from "#store/series.ts";

/** A tooltip has no room for more. */
const MOST_NORMS = 5;

/** A line for the last value of each global norm: by its name where a run has several, as of actor and critic. */
export function describeLastNorms(run: Pick<Run, "ofKind">): readonly string[] {
  const all = run.ofKind("globalNorm");
  const name = mainName(run);
  const [main] = all;
  if (main === undefined || name === null) {
    return [describeLast(main)];
  }
  const others = all.filter(({ key }) => !isOtherView(key, all)).slice(0, MOST_NORMS - 1);
  return [main, ...others].map((norms) => t("{0}: {1}", norms.key.name, describeLast(norms)));
}

function describeLast(norms: SourcedSeries | undefined): string {
  const last = norms?.last();
  return t("Global gradient norm {0} at {1}", formatNorm(last?.value), stepName(last?.step ?? "–", norms?.key.axis));
}
