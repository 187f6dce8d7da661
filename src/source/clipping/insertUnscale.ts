import type { ClipSite } from "./clipSite.ts";
import type { SourceDocument, TextEdit } from "../document.ts";
import { stepSitesIn } from "./optimizerSteps.ts";
import { linesBefore, statementAround } from "../python/statements.ts";

/**
 * The edit that calls `unscale_` right before a clip call which runs on scaled gradients. None where that is not needed, or
 * where the file does not show which scaler steps which optimizer after it.
 */
export function insertUnscale(document: SourceDocument, site: ClipSite): readonly TextEdit[] {
  const step = stepSitesIn(document).find(({ start, scaler }) => start > site.start && scaler !== undefined);
  const node = document.tree?.resolveInner(site.start, 1);
  const statement = node && statementAround(node);
  if (site.unscaled !== "no" || step?.scaler === undefined || statement === undefined) {
    return [];
  }
  return [linesBefore(document, statement.from, [`${step.scaler}.unscale_(${step.optimizer})`])];
}
