import { element, svgElement } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { DASHES } from "./roles.ts";
import type { RoleStyle } from "./roles.ts";
import type { Line } from "../run.ts";

/** The line above a chart: what is drawn, and the value under the cursor. */
export interface PanelTitle {
  readonly element: HTMLElement;
  readonly readout: HTMLElement;
  readonly show: (lines: readonly Line[]) => void;
}

export function createPanelTitle(style: RoleStyle, theme: Theme): PanelTitle {
  const names = element("span", { class: "panel-names" });
  const readout = element("span", { class: "panel-readout" });
  const title = element("div", { class: "panel-title" }, [element("span", { text: style.title }), names, readout]);
  let shown = "";
  return { element: title, readout, show };

  function show(lines: readonly Line[]): void {
    const key = lines.map(({ name }) => name).join("\n");
    if (key !== shown) {
      shown = key;
      names.replaceChildren(...lines.map(({ name }, index) => legendEntry(name, theme.data[style.colour], index)));
    }
  }
}

function legendEntry(name: string, colour: string, index: number): HTMLElement {
  const dash = DASHES[index % DASHES.length] ?? [];
  const stroke = svgElement("line", { x1: "0", x2: "18", y1: "4", y2: "4", stroke: colour, "stroke-width": "2" });
  if (dash.length > 0) {
    stroke.setAttribute("stroke-dasharray", dash.join(" "));
  }
  const sample = svgElement("svg", { width: "18", height: "8", "aria-hidden": "true" }, [stroke]);
  return element("span", { class: "legend-entry" }, [sample, element("span", { text: name })]);
}
