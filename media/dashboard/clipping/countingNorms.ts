import type { Advice } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";

/** `1950 norms count (left out: 50 of the warm-up).` */
export function countingNorms({ norms, leftOut }: Advice): string {
  return norms.length === 1 ? t("1 norm counts{0}.", leftOut) : t("{0} norms count{1}.", norms.length, leftOut);
}
