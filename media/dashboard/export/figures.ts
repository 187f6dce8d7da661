import type { Theme } from "../../shared/theme.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { PanelSpec } from "../timeline/panelSet.ts";
import { panelFigure, panelHeight } from "./panelFigure.ts";

const GAP = 4;

export interface FigureOptions {
  readonly width: number;
  readonly theme: Theme;
  /** What the picture is of. */
  readonly name: string;
}

/** Panels below each other, as one vector picture. `id` is another for each picture of a document. */
export function panelsFigure(
  panels: readonly PanelSpec[],
  { id, width, theme, name }: FigureOptions & { readonly id: string },
): SvgNode {
  const drawn: SvgNode[] = [];
  let top = GAP;
  for (const spec of panels) {
    drawn.push(svg("g", {}, panelFigure(spec, { id: `${id}-${top}`, top, width, theme })));
    top += panelHeight(spec.style) + GAP;
  }
  return sheet(drawn, { width, height: top, theme, name });
}

/** A picture that stands for itself: with a ground, a size and a name. */
export function sheet(
  children: readonly SvgNode[],
  { width, height, theme, name }: FigureOptions & { readonly height: number },
): SvgNode {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return svg("svg", { ...size, role: "img", "aria-label": name }, [
    svg("rect", { width, height, fill: theme.background }),
    ...children,
  ]);
}
