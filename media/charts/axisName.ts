import { t } from "@vscode/l10n";
import type { Horizontal } from "./horizontal.ts";

const NAMES: Readonly<Record<Horizontal["unit"], string>> = {
  step: t("step"),
  time: t("time"),
  samples: t("samples"),
  tokens: t("tokens"),
};

/** What stands at the left of the labels of a horizontal axis. */
export function axisName(unit: Horizontal["unit"]): string {
  return NAMES[unit];
}
