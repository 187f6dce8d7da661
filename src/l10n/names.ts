import { RULES } from "#core/rules.ts";
import type { RuleId, Severity } from "#core/rules.ts";
import { SOURCE_RULE_NAMES } from "#core/sourceRules.ts";
import type { SourceRuleId } from "#core/sourceRules.ts";
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

/** `threshold never clips`: the name of a rule of sources. */
export function sourceRuleName(rule: SourceRuleId): string {
  return t(SOURCE_RULE_NAMES[rule]);
}
