import { t } from "@vscode/l10n";
import type { FromDashboard } from "#protocol/dashboard.ts";
import { element } from "../../shared/element.ts";
import { createWaysOut } from "../emptyState.ts";
import type { RunName } from "../header.ts";
import { TOLERANCES } from "./compareState.ts";
import type { CompareState } from "./compareState.ts";

/** Which run to compare with, and how closely. */
export interface Controls {
  readonly element: HTMLElement;
  readonly show: (what: {
    readonly others: readonly RunName[];
    readonly otherId: string | undefined;
    readonly tolerance: number;
  }) => void;
}

export function createControls(
  onDidChange: (change: Partial<CompareState>) => void,
  post: (message: FromDashboard) => void,
): Controls {
  const picker = element("select", { attributes: { "aria-label": t("Compare with") } });
  picker.addEventListener("change", () => onDidChange({ otherId: picker.value }));
  const options = TOLERANCES.map(({ value, label }) =>
    element("option", { text: label, attributes: { value: String(value) } }),
  );
  const tolerance = element("select", { attributes: { "aria-label": t("Differs") } }, options);
  tolerance.addEventListener("change", () => onDidChange({ tolerance: Number(tolerance.value) }));
  const choice = element("div", { class: "toolbar options" }, [
    element("label", { class: "group", text: `${t("Compare with")} ` }, [picker]),
    element("label", { class: "group", text: `${t("Values differ when they differ")} ` }, [tolerance]),
  ]);
  const text = t("Only this run is followed. Follow a second one to compare the two step by step.");
  const none = createWaysOut({ class: "missing", text, ways: ["followRun"] }, post);
  let shown = "";
  return {
    element: element("div", {}, [choice, none]),
    show(what) {
      choice.hidden = what.others.length === 0;
      none.hidden = what.others.length > 0;
      const key = JSON.stringify(what.others);
      if (key !== shown) {
        shown = key;
        picker.replaceChildren(
          ...what.others.map(({ id, name }) => element("option", { text: name, attributes: { value: id } })),
        );
      }
      picker.value = what.otherId ?? "";
      tolerance.value = String(what.tolerance);
    },
  };
}
