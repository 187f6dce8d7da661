import { element, setText } from "../shared/element.ts";
import { createTableToggle } from "./tableToggle.ts";
import type { TableToggleParts } from "./tableToggle.ts";

/** A chart with its title, and the same as a table for those who do not see it or want its numbers. */
export interface Figure {
  readonly element: HTMLElement;
  readonly setTitle: (text: string) => void;
  /** Says the same in a sentence. */
  readonly describe: (text: string) => void;
  readonly isTable: () => boolean;
}

export interface FigureParts extends TableToggleParts {
  /** Stands beside the title. */
  readonly controls?: readonly HTMLElement[];
}

/** What a screen reader takes for a picture, and so needs a name. */
const PICTURE = "[role=img]";

export function createFigure({ controls = [], ...parts }: FigureParts): Figure {
  const { title, chart, table } = parts;
  const heading = element("h2", { text: title });
  const toggle = createTableToggle(parts);
  const note = element("p", { class: "visually-hidden" });
  const picture = chart.matches(PICTURE) ? chart : chart.querySelector(PICTURE);
  picture?.setAttribute("aria-label", title); // Until there is something to describe.
  const head = element("div", { class: "section-title" }, [heading, ...controls, toggle.button]);
  return {
    element: element("section", { class: "layer-figure" }, [head, note, chart, table]),
    setTitle: (text) => setText(heading, text),
    describe(text) {
      setText(note, text);
      picture?.setAttribute("aria-label", text);
    },
    isTable: toggle.isTable,
  };
}
