import { severityName } from "#l10n/names.ts";
import type { ShownFinding } from "#protocol/checkpointTabs.ts";
import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import { formatCount } from "./text.ts";

const SIGNS: Readonly<Record<ShownFinding["severity"], string>> = { error: "✕", warning: "▲", info: "●" };

// More of them say the same of other tensors; the table has each.
const MOST = 100;

/** What is odd, the worst first. */
export function findingList(findings: readonly ShownFinding[]): HTMLElement {
  const severities = Object.keys(SIGNS);
  const ranked = findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const items = ranked
    .slice(0, MOST)
    .map(({ rule, severity, message }) =>
      element("li", { class: `finding is-${severity}` }, [
        element("span", { class: "sign", text: SIGNS[severity], attributes: { "aria-hidden": "true" } }),
        element("span", { class: "visually-hidden", text: `${severityName(severity)}: ` }),
        element("span", { text: message }),
        element("span", { class: "remark", text: rule }),
      ]),
    );
  const more = ranked.length - items.length;
  const rest = more === 0 ? [] : [element("li", { class: "quiet-text", text: t("and {0} more", formatCount(more)) })];
  const list = element("ul", { class: "findings", attributes: { tabindex: "0", "aria-label": t("Findings") } }, [
    ...items,
    ...rest,
  ]);
  list.hidden = items.length === 0;
  return list;
}
