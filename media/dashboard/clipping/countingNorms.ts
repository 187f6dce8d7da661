import type { Advice } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";

/** `Based on 1950 norms (left out: 50 of the warm-up).` */
export function countingNorms({ norm, norms, leftOut }: Advice): string {
  const known =
    norms.length === 1 ? t("Based on 1 norm{0}.", leftOut) : t("Based on {0} norms{1}.", norms.length, leftOut);
  return norm === undefined ? known : t("{0}: {1}", norm, known);
}
