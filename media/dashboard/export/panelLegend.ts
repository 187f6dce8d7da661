import type { Theme } from "../../shared/theme.ts";
import { label } from "../../vector/frame.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { colourOf } from "../timeline/paint/panel.ts";
import type { PanelSpec } from "../timeline/panelSet.ts";
import { DASHES } from "../timeline/roles.ts";

/** A vector picture knows no width of a text; this is more than most letters have, in CSS pixels. */
const LETTER = 6.6;
const [SAMPLE, GAP] = [18, 6];

/** The title of a panel and its lines by name, each with a piece of itself. */
export function panelLegend(
  { style, scene }: Pick<PanelSpec, "style" | "scene">,
  { x, y, theme }: { readonly x: number; readonly y: number; readonly theme: Theme },
): readonly SvgNode[] {
  const title = label(style.title, { x, y, theme, anchor: "start", colour: theme.foreground });
  let left = x + (style.title === "" ? 0 : style.title.length * LETTER + 2 * GAP);
  const entries = scene.lines.flatMap((line) => {
    const start = left;
    left += SAMPLE + GAP + line.name.length * LETTER + 2 * GAP;
    const dash = (DASHES[line.slot % DASHES.length] ?? []).join(" ");
    return [
      svg("path", {
        d: `M${start} ${y}h${SAMPLE}`,
        stroke: colourOf({ theme }, line, style),
        "stroke-width": 2,
        "stroke-dasharray": dash,
      }),
      label(line.name, { x: start + SAMPLE + GAP, y, theme, anchor: "start" }),
    ];
  });
  return [title, ...entries];
}
