import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";
import { createTabList } from "../shared/tabList.ts";
import type { TabName } from "../shared/tabList.ts";
import type { TabPanel } from "./tabPanel.ts";

export interface TabChoice<Id extends string> extends TabName<Id> {
  readonly panel: TabPanel;
}

/** Tabs, of which one is in sight. */
export interface Tabs {
  readonly element: HTMLElement;
  /** Shows the tab that is chosen as if it were chosen now. */
  readonly showAgain: () => void;
}

export function createTabs<Id extends string>(
  choices: readonly TabChoice<Id>[],
  { first, onDidChoose }: { readonly first: Id; readonly onDidChoose: (id: Id) => void },
): Tabs {
  let chosen = first;
  const bar = createTabList(t("Views"), choices, choose);
  choices.forEach(({ id, panel }) => bar.panelOf(id).append(panel.element));
  bar.select(chosen);
  return { element: element("div", { class: "tabs" }, [bar.list, ...bar.panels]), showAgain };

  function choose(id: Id): void {
    chosen = id;
    bar.select(id);
    showAgain();
    onDidChoose(id);
  }

  function showAgain(): void {
    choices.find(({ id }) => id === chosen)?.panel.show();
  }
}
