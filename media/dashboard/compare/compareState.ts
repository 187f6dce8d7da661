import { t } from "@vscode/l10n";
import { isRecord } from "../../shared/tableState.ts";

/** What is compared, kept across hiding and reloading. */
export interface CompareState {
  readonly otherId: string;
  /** Relative difference up to which two values count as the same. */
  readonly tolerance: number;
}

export const TOLERANCES: readonly { readonly value: number; readonly label: string }[] = [
  { value: 0, label: t("at all") },
  { value: 1e-3, label: t("by {0} %", 0.1) },
  { value: 1e-2, label: t("by {0} %", 1) },
  { value: 1e-1, label: t("by {0} %", 10) },
];

const FIRST: CompareState = { otherId: "", tolerance: 1e-3 };

export function parseCompareState(stored: unknown): CompareState {
  if (!isRecord(stored)) {
    return FIRST;
  }
  const { otherId, tolerance } = stored;
  return {
    otherId: typeof otherId === "string" ? otherId : FIRST.otherId,
    tolerance: TOLERANCES.find(({ value }) => value === tolerance)?.value ?? FIRST.tolerance,
  };
}
