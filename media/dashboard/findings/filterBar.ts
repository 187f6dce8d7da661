import type { Finding } from "#core/finding.ts";
import { WORST_FIRST, isRuleId } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import { ruleName, severityName } from "#l10n/names.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import { countBy } from "./findingsFilter.ts";
import type { FindingsFilter } from "./findingsFilter.ts";

/** Shape and word go together: colour alone says nothing. */
export const SEVERITY_ICONS: Readonly<Record<Severity, string>> = { error: "✕", warning: "▲", info: "●" };

/** Buttons for the severities and a list of the rules that have findings. */
export interface FilterBar {
  readonly element: HTMLElement;
  readonly show: (findings: readonly Finding[], filter: FindingsFilter) => void;
}

export function createFilterBar(onDidChange: (change: Partial<FindingsFilter>) => void): FilterBar {
  let shown: FindingsFilter = { hidden: [], rule: "" };
  let listed = "";
  const buttons = WORST_FIRST.map((severity) => ({
    severity,
    button: severityButton(severity, () => toggle(severity)),
  }));
  const picker = element("select", { attributes: { "aria-label": t("Rule") } });
  picker.addEventListener("change", () => onDidChange({ rule: picker.value }));
  const group = element(
    "div",
    { class: "group", attributes: { role: "group", "aria-label": t("Severities") } },
    buttons.map(({ button }) => button),
  );
  const bar = element("div", { class: "findings-filter" }, [group, picker]);
  return { element: bar, show };

  function show(findings: readonly Finding[], filter: FindingsFilter): void {
    shown = filter;
    const bySeverity = countBy(findings, ({ severity }) => severity);
    for (const { severity, button } of buttons) {
      const count = bySeverity.get(severity) ?? 0;
      setText(button, `${SEVERITY_ICONS[severity]} ${count}`);
      button.setAttribute("aria-label", countOf(severity, count));
      button.setAttribute("aria-pressed", String(!filter.hidden.includes(severity)));
      button.hidden = count === 0;
    }
    showRules(findings, filter.rule);
    bar.hidden = findings.length < 2;
  }

  /** The list is left alone while it says the same: it may be open. */
  function showRules(findings: readonly Finding[], chosen: string): void {
    const byRule = [...countBy(findings, ({ rule }) => rule)].toSorted(([a], [b]) => a.localeCompare(b));
    const options = [
      ["", t("All rules")] as const,
      ...byRule.map(([rule, count]) => [rule, `${nameOf(rule)} (${count})`] as const),
      ...(chosen === "" || byRule.some(([rule]) => rule === chosen)
        ? []
        : [[chosen, `${nameOf(chosen)} (0)`] as const]),
    ];
    if (listed !== JSON.stringify(options)) {
      listed = JSON.stringify(options);
      picker.replaceChildren(...options.map(([value, text]) => element("option", { text, attributes: { value } })));
    }
    picker.value = chosen;
  }

  function toggle(severity: Severity): void {
    const isHidden = shown.hidden.includes(severity);
    const hidden = isHidden ? shown.hidden.filter((each) => each !== severity) : [...shown.hidden, severity];
    onDidChange({ hidden });
  }
}

function nameOf(rule: string): string {
  return isRuleId(rule) ? `${rule} ${ruleName(rule)}` : rule;
}

function severityButton(severity: Severity, onClick: () => void): HTMLButtonElement {
  const attributes = { type: "button", title: severityName(severity) };
  return element("button", { class: `quiet toggle severity-${severity}`, attributes, onClick });
}

function countOf(severity: Severity, count: number): string {
  switch (severity) {
    case "error":
      return count === 1 ? t("1 error") : t("{0} errors", count);
    case "warning":
      return count === 1 ? t("1 warning") : t("{0} warnings", count);
    case "info":
      return count === 1 ? t("1 note") : t("{0} notes", count);
  }
}
