import type { ShownFinding } from "#protocol/checkpointTabs.ts";
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
        element("span", { class: "visually-hidden", text: `${severity}: ` }),
        element("span", { text: message }),
        element("span", { class: "remark", text: rule }),
      ]),
    );
  const more = ranked.length - items.length;
  const rest = more === 0 ? [] : [element("li", { class: "quiet-text", text: `and ${formatCount(more)} more` })];
  const list = element("ul", { class: "findings", attributes: { tabindex: "0", "aria-label": "Findings" } }, [
    ...items,
    ...rest,
  ]);
  list.hidden = items.length === 0;
  return list;
}
