import { element, setText, svgElement } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { colourOf } from "./paint/panel.ts";
import { DASHES, SIGNS } from "./roles.ts";
import type { PanelStyle } from "./roles.ts";
import type { SceneLine } from "./scene.ts";

/** The line above a chart: what is drawn, and the values under the cursor. */
export interface PanelTitle {
  readonly element: HTMLElement;
  readonly showLines: (lines: readonly SceneLine[]) => void;
  readonly showReadings: (readings: readonly { readonly line: SceneLine; readonly text: string }[]) => void;
}

export function createPanelTitle(style: PanelStyle, theme: Theme): PanelTitle {
  const names = element("span", { class: "panel-names" });
  const readout = element("span", { class: "panel-readout" });
  const title = element("div", { class: "panel-title" }, [element("span", { text: style.title }), names, readout]);
  let shown = "";
  return {
    element: title,
    showLines(lines) {
      const key = lines.map(({ name, slot }) => `${slot} ${name}`).join("\n");
      if (key !== shown) {
        shown = key;
        names.replaceChildren(...lines.map((line) => legendEntry(line, colourOf({ theme }, line, style))));
      }
    },
    showReadings(readings) {
      const isOne = readings.length === 1;
      setText(readout, readings.map(({ line, text }) => (isOne ? text : `${line.name} ${text}`)).join(" · "));
    },
  };
}

function legendEntry({ name, slot }: SceneLine, colour: string): HTMLElement {
  const dash = DASHES[slot % DASHES.length] ?? [];
  const stroke = svgElement("line", { x1: "0", x2: "18", y1: "4", y2: "4", stroke: colour, "stroke-width": "2" });
  if (dash.length > 0) {
    stroke.setAttribute("stroke-dasharray", dash.join(" "));
  }
  const sample = svgElement("svg", { width: "18", height: "8", "aria-hidden": "true" }, [stroke]);
  const label = `${SIGNS[slot % SIGNS.length] ?? ""} ${name}`.trim();
  return element("span", { class: "legend-entry" }, [sample, element("span", { text: label })]);
}
