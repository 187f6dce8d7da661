import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";

/** What stands here while no run is followed. */
export function createEmptyState(onDidAskForExample: () => void): HTMLElement {
  const text = t("No run is followed yet: open a folder with a training log, or look at the example.");
  const open = element("button", { text: t("Open the Example Run"), attributes: { type: "button" } });
  open.addEventListener("click", onDidAskForExample);
  return element("div", { class: "empty" }, [element("p", { text }), open]);
}
