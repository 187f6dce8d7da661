import type { Finding } from "#core/finding.ts";
import { ruleName } from "#l10n/names.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import { t } from "@vscode/l10n";
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
    action(t("About the rule"), t("{0} {1}: what it means and what to do", rule, ruleName(rule)), {
      kind: "openRule",
      rule,
    }),
    action(t("Ignore rule"), t("Switches {0} off in this workspace", rule), { kind: "ignoreRule", rule }),
    ...(tensor === null
      ? []
      : [
          action(t("Ignore tensor"), t("No findings of {0} in this workspace", tensor), {
            kind: "ignoreTensor",
            tensor,
          }),
        ]),
  ]);
}
