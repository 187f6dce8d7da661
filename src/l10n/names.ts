import { RULES } from "#core/rules.ts";
import type { RuleId, Severity } from "#core/rules.ts";
import { t } from "@vscode/l10n";

const SEVERITIES: Readonly<Record<Severity, () => string>> = {
  error: () => t("error"),
  warning: () => t("warning"),
  info: () => t("info"),
};

export function severityName(severity: Severity): string {
  return SEVERITIES[severity]();
}

/** `spike`: the name of a rule, whose English core has. */
export function ruleName(rule: RuleId): string {
  return t(RULES[rule].name);
}

/** The name of a rule of sources, by its English. */
export function sourceRuleName(english: string): string {
  return t(english);
}
