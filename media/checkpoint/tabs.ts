import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import type { TabPanel } from "./tabPanel.ts";

export interface TabChoice<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly panel: TabPanel;
}

/** Tabs, of which one is in sight. Arrow keys go from tab to tab. */
export interface Tabs {
  readonly element: HTMLElement;
  /** Shows the tab that is chosen as if it were chosen now. */
  readonly showAgain: () => void;
}

export function createTabs<Id extends string>(
  choices: readonly TabChoice<Id>[],
  { first, onDidChoose }: { readonly first: Id; readonly onDidChoose: (id: Id) => void },
): Tabs {
  let chosen = Math.max(
    0,
    choices.findIndex(({ id }) => id === first),
  );
  const buttons = choices.map(({ id, label }, at) =>
    element("button", {
      class: "tab",
      text: label,
      attributes: { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` },
      onClick: () => choose(at),
    }),
  );
  const panels = choices.map(({ id, panel }) =>
    element(
      "section",
      { class: "tab-panel", attributes: { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` } },
      [panel.element],
    ),
  );
  const list = element(
    "div",
    { class: "tab-list", attributes: { role: "tablist", "aria-label": t("Views") } },
    buttons,
  );
  list.addEventListener("keydown", ({ key }) => {
    const by = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (by !== 0) {
      choose((chosen + by + choices.length) % choices.length);
      buttons[chosen]?.focus();
    }
  });
  mark();
  return { element: element("div", { class: "tabs" }, [list, ...panels]), showAgain };

  function choose(at: number): void {
    chosen = at;
    mark();
    showAgain();
    const id = choices[at]?.id;
    if (id !== undefined) {
      onDidChoose(id);
    }
  }

  function mark(): void {
    for (const [at, tab] of buttons.entries()) {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
    }
    panels.forEach((panel, at) => (panel.hidden = at !== chosen));
  }

  function showAgain(): void {
    choices[chosen]?.panel.show();
  }
}
