import { t } from "@vscode/l10n";
import { button } from "../shared/element.ts";

/** A button that puts a table in the place of a chart, and back. */
export interface TableToggle {
  readonly button: HTMLElement;
  readonly isTable: () => boolean;
}

export interface TableToggleParts {
  /** What the chart shows. */
  readonly title: string;
  readonly chart: HTMLElement;
  readonly table: HTMLElement;
  /** The other of both is on screen now, and must be drawn. */
  readonly onDidSwitch: () => void;
}

export function createTableToggle({ title, chart, table, onDidSwitch }: TableToggleParts): TableToggle {
  // VS Code says so; a chart says nothing to a screen reader that its table would not.
  let isTable = document.body.classList.contains("vscode-using-screen-reader");
  const toggle = button(t("Table"), { title: t("{0} as a table", title), class: "quiet", onClick: switchOver });
  show();
  return { button: toggle, isTable: () => isTable };

  function switchOver(): void {
    isTable = !isTable;
    show();
    onDidSwitch();
  }

  function show(): void {
    chart.hidden = isTable;
    table.hidden = !isTable;
    toggle.setAttribute("aria-pressed", String(isTable));
  }
}
