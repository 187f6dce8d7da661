import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import type { ClipState } from "./clipState.ts";

type HistoryChoices = Pick<ClipState, "isPerTensor" | "withAll" | "withWarmUp">;

/** Which norms count, and whether one threshold or one per tensor is looked at. */
export function createHistoryControls(
  first: HistoryChoices,
  onDidChange: (change: Partial<HistoryChoices>) => void,
): HTMLElement {
  return element("div", { class: "history-controls" }, [
    checkBox(
      t("Per tensor"),
      t("A limit for each tensor instead of one for the global norm"),
      first.isPerTensor,
      (isPerTensor) => onDidChange({ isPerTensor }),
    ),
    checkBox(t("All steps"), t("Not only the last 2000 norms"), first.withAll, (withAll) => onDidChange({ withAll })),
    checkBox(t("With warm-up"), t("Norms of the warm-up count too"), first.withWarmUp, (withWarmUp) =>
      onDidChange({ withWarmUp }),
    ),
  ]);
}

function checkBox(
  text: string,
  title: string,
  isChecked: boolean,
  onDidToggle: (isChecked: boolean) => void,
): HTMLElement {
  const box = element("input", { attributes: { type: "checkbox" } });
  box.checked = isChecked;
  box.addEventListener("change", () => onDidToggle(box.checked));
  return element("label", { attributes: { title } }, [box, element("span", { text })]);
}
