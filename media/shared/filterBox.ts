import { t } from "@vscode/l10n";
import { element } from "./element.ts";

/** A text field above a table that keeps the rows whose name matches. */
export function createFilterBox(text: string, onDidChange: (text: string) => void): HTMLInputElement {
  const box = element("input", {
    class: "filter-box",
    attributes: {
      type: "search",
      placeholder: t("Filter, e.g. layer*.weight"),
      "aria-label": t("Filter tensors by name"),
      spellcheck: "false",
    },
  });
  box.value = text;
  box.addEventListener("input", () => onDidChange(box.value));
  return box;
}
