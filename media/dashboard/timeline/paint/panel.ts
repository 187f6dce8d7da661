import { RIGHT_MARGIN } from "../plotOptions.ts";
import { formatNumber } from "#core/format.ts";
import { DASHES } from "../roles.ts";
import type { RoleStyle } from "../roles.ts";
import type { DrawnLine, Scene } from "../scene.ts";
import { paintSpikes } from "./findings.ts";
import { paintGutters } from "./gutters.ts";
import { paintLevel, paintLine } from "./lines.ts";
import { paintAnywhere, paintInside } from "./surface.ts";
import type { Surface } from "./surface.ts";

export interface PanelPicture {
  readonly scene: Scene;
  readonly drawn: readonly DrawnLine[];
  readonly style: RoleStyle;
}

const SUPERSEDED_ALPHA = 0.5;
/** What a mark at the edge of the plotting area may use beside it, in CSS pixels. */
const MARK_OVERHANG = 6;

/** Everything above the grid. */
export function paintPanel(surface: Surface, { scene, drawn, style }: PanelPicture): void {
  paintInside(surface, 1, () => {
    paintLines(surface, drawn, style);
  });
  const line = scene.lines[0];
  if (style.isLog && line !== undefined) {
    paintInside(surface, RIGHT_MARGIN, () => paintThreshold(surface, scene));
    paintAnywhere(surface, () => paintGutters(surface, { off: line.off, range: scene.range }));
    paintInside(surface, MARK_OVERHANG, () => paintSpikes(surface, scene.findings, line.curve.current()));
  }
}

function paintLines(surface: Surface, drawn: readonly DrawnLine[], style: RoleStyle): void {
  const { theme } = surface;
  const colour = theme.data[style.colour];
  for (const [index, { current, superseded }] of drawn.entries()) {
    const dash = DASHES[index % DASHES.length] ?? [];
    for (const old of superseded) {
      paintLine(surface, old, { colour, width: 1, alpha: SUPERSEDED_ALPHA, dash });
    }
    paintLine(surface, current, { colour, width: theme.lineWidth, alpha: 1, dash });
  }
}

function paintThreshold(surface: Surface, { clipThreshold }: Scene): void {
  if (clipThreshold !== null && clipThreshold.value > 0) {
    const pen = { colour: surface.theme.foreground, width: 1, alpha: 1, dash: [6, 4] };
    paintLevel(surface, clipThreshold.value, { label: `clip ${formatNumber(clipThreshold.value)}`, pen });
  }
}
