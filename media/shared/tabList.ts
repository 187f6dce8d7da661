import { element } from "./element.ts";

/** A row of tabs and their panels (the tabs pattern of the ARIA Authoring Practices: arrow keys open at once). */
export interface TabList<Id extends string> {
  readonly list: HTMLElement;
  /** In the order of the tabs. */
  readonly panels: readonly HTMLElement[];
  readonly panelOf: (id: Id) => HTMLElement;
  readonly select: (id: Id) => void;
}

export interface TabName<Id extends string> {
  readonly id: Id;
  readonly label: string;
}

/** Choosing a tab only tells; whoever hears of it selects it. */
export function createTabList<Id extends string>(
  label: string,
  tabs: readonly TabName<Id>[],
  onDidChoose: (id: Id) => void,
): TabList<Id> {
  const buttons = tabs.map((tab) => tabButton(tab, () => onDidChoose(tab.id)));
  const panels = tabs.map(({ id }) => tabPanel(id));
  const list = element("div", { class: "tab-list", attributes: { role: "tablist", "aria-label": label } }, buttons);
  const indexOf = (id: Id): number => tabs.findIndex((tab) => tab.id === id);
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
    const to = destination(event.key, from, tabs.length);
    const tab = tabs.at(to ?? from);
    if (to !== undefined && from !== -1 && tab !== undefined) {
      event.preventDefault();
      buttons.at(to)?.focus();
      onDidChoose(tab.id);
    }
  }
}

/** The tab that a key goes to, as an index; -1 is the last. */
function destination(key: string, from: number, count: number): number | undefined {
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowRight: (from + 1) % count,
    Home: 0,
    End: -1,
  };
  return places[key];
}

function tabButton({ id, label }: TabName<string>, onClick: () => void): HTMLButtonElement {
  const attributes = { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` };
  return element("button", { class: "tab", text: label, attributes, onClick });
}

function tabPanel(id: string): HTMLElement {
  const attributes = { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}` };
  return element("section", { class: "tab-panel", attributes });
}
