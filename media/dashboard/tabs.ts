import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import { TABS } from "./tab.ts";
import type { TabId } from "./tab.ts";

/** The row of tabs and their panels (the tabs pattern of the ARIA Authoring Practices: arrow keys open at once). */
export interface Tabs {
  readonly list: HTMLElement;
  readonly panels: readonly HTMLElement[];
  readonly panelOf: (id: TabId) => HTMLElement;
  readonly select: (id: TabId) => void;
}

export function createTabs(onDidChoose: (id: TabId) => void): Tabs {
  const buttons = TABS.map(({ id, label }) => tabButton(id, label, () => onDidChoose(id)));
  const panels = TABS.map(({ id }) => tabPanel(id));
  const attributes = { role: "tablist", "aria-label": t("Parts of the dashboard") };
  const list = element("div", { class: "tab-list", attributes }, buttons);
  list.addEventListener("keydown", move);
  return {
    list,
    panels,
    panelOf: (id) => panels[indexOf(id)] ?? list,
    select(id) {
      for (const [index, button] of buttons.entries()) {
        const isSelected = index === indexOf(id);
        button.setAttribute("aria-selected", String(isSelected));
        button.tabIndex = isSelected ? 0 : -1;
        panels[index]?.toggleAttribute("hidden", !isSelected);
      }
    },
  };

  function move(event: KeyboardEvent): void {
    const from = buttons.findIndex((button) => button === document.activeElement);
    const to = destination(event.key, from);
    const tab = TABS.at(to ?? from);
    if (to !== undefined && from !== -1 && tab !== undefined) {
      event.preventDefault();
      buttons.at(to)?.focus();
      onDidChoose(tab.id);
    }
  }
}

/** The tab that a key goes to, as an index; -1 is the last. */
function destination(key: string, from: number): number | undefined {
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowRight: (from + 1) % TABS.length,
    Home: 0,
    End: -1,
  };
  return places[key];
}

function indexOf(id: TabId): number {
  return TABS.findIndex((tab) => tab.id === id);
}

function tabButton(id: TabId, label: string, onClick: () => void): HTMLButtonElement {
  const attributes = { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` };
  return element("button", { class: "tab", text: label, attributes, onClick });
}

function tabPanel(id: TabId): HTMLElement {
  const attributes = { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` };
  return element("section", { class: "tab-panel", attributes });
}
