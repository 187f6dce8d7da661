import { t } from "@vscode/l10n";
import { button, element, setText } from "../../shared/element.ts";

/** A chart with its title, and the same as a table for those who do not see it or want its numbers. */
export interface Figure {
  readonly element: HTMLElement;
  readonly setTitle: (text: string) => void;
  /** Says the same in a sentence. */
  readonly describe: (text: string) => void;
  readonly isTable: () => boolean;
}

export interface FigureParts {
  readonly title: string;
  readonly chart: HTMLElement;
  readonly table: HTMLElement;
  /** Stands beside the title. */
  readonly controls?: readonly HTMLElement[];
  /** The other of both is on screen now, and must be drawn. */
  readonly onDidSwitch: () => void;
}

export function createFigure({ title, chart, table, controls = [], onDidSwitch }: FigureParts): Figure {
  // VS Code says so; a chart says nothing to a screen reader that its table would not.
  let isTable = document.body.classList.contains("vscode-using-screen-reader");
  const heading = element("h2", { text: title });
  const toggle = button(t("Table"), { title: t("{0} as a table", title), class: "quiet", onClick: switchOver });
  const note = element("p", { class: "visually-hidden" });
  show();
  const head = element("div", { class: "section-title" }, [heading, ...controls, toggle]);
  return {
    element: element("section", { class: "layer-figure" }, [head, note, chart, table]),
    setTitle: (text) => setText(heading, text),
    describe(text) {
      setText(note, text);
      chart.setAttribute("aria-label", text);
    },
    isTable: () => isTable,
  };

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
