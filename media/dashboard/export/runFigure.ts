import { t } from "@vscode/l10n";
import type { StepRange } from "../../charts/viewport.ts";
import type { Theme } from "../../shared/theme.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { linesOf } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { ROLES } from "../timeline/roles.ts";
import { panelFigure, panelHeight } from "./panelFigure.ts";

const GAP = 4;

export interface FigureOptions {
  readonly range: StepRange;
  readonly width: number;
  readonly theme: Theme;
}

/** The panels of a run below each other, as one vector picture. */
export function runFigure(run: ShownRun, { range, width, theme }: FigureOptions): SvgNode {
  const panels: SvgNode[] = [];
  let top = GAP;
  for (const style of ROLES) {
    const lines = linesOf(run, style.role);
    if (lines.length > 0) {
      panels.push(svg("g", {}, panelFigure(style, { run, lines }, { top, width, range, theme })));
      top += panelHeight(style) + GAP;
    }
  }
  return sheet(panels, { width, height: top, theme, name: t("Gradient norms of {0}", run.name) });
}

/** A picture that stands for itself: with a ground, a size and a name. */
export function sheet(
  children: readonly SvgNode[],
  {
    width,
    height,
    theme,
    name,
  }: { readonly width: number; readonly height: number; readonly theme: Theme; readonly name: string },
): SvgNode {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return svg("svg", { ...size, role: "img", "aria-label": name }, [
    svg("rect", { width, height, fill: theme.background }),
    ...children,
  ]);
}
