import type { Finding } from "#core/finding.ts";
import { RULES } from "#core/rules.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import { element } from "../../shared/element.ts";

/** What can be done about a finding: read its rule's page, or hear no more of it. */
export function findingActions({ rule, tensor }: Finding, post: (message: FromDashboard) => void): HTMLElement {
  const action = (text: string, title: string, message: FromDashboard): HTMLElement =>
    element("button", {
      class: "quiet link",
      text,
      attributes: { type: "button", title },
      onClick: () => post(message),
    });
  return element("div", { class: "finding-actions" }, [
    action("About the rule", `${rule} ${RULES[rule].name}: what it means and what to do`, { kind: "openRule", rule }),
    action("Ignore rule", `Switches ${rule} off in this workspace`, { kind: "ignoreRule", rule }),
    ...(tensor === null
      ? []
      : [action("Ignore tensor", `No findings of ${tensor} in this workspace`, { kind: "ignoreTensor", tensor })]),
  ]);
}
