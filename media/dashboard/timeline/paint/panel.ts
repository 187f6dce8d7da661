import { logTicks } from "../../../charts/axis.ts";
import { axisName } from "../../../charts/axisName.ts";
import type { AxisRange } from "../../../charts/axis.ts";
import { RIGHT_MARGIN, VALUE_AXIS_WIDTH } from "../plotOptions.ts";
import { DASHES } from "../roles.ts";
import type { PanelStyle } from "../roles.ts";
import type { DrawnLine, Scene, SceneLine } from "../scene.ts";
import { paintBand, paintMedian, paintRules, paintShades } from "./background.ts";
import { isDense } from "./dense.ts";
import { paintBands, paintSpikes } from "./findings.ts";
import { paintMinorGrid } from "./grid.ts";
import { GUTTER_HEIGHT, paintGutters } from "./gutters.ts";
import { paintLevel, paintLine, scaledFont } from "./lines.ts";
import { paintSigns } from "./signs.ts";
import { paintAnywhere, paintInside } from "./surface.ts";
import type { Surface } from "./surface.ts";

export interface PanelPicture {
  readonly scene: Scene;
  readonly drawn: readonly DrawnLine[];
  readonly style: PanelStyle;
  readonly values: AxisRange;
  readonly hasStepLabels: boolean;
}

const SUPERSEDED_ALPHA = 0.5;
/** The logged line behind its smoothed one. */
const RAW_ALPHA = 0.35;
/** A factor beside a ratio is there to compare with; a threshold is a fact. */
const REFERENCE_ALPHA = 0.45;
/** What a mark at the edge of the plotting area may use beside it, in CSS pixels. */
const MARK_OVERHANG = 6;

/** Everything under the grid. */
export function paintBack(surface: Surface, { scene, style, values }: PanelPicture): void {
  paintInside(surface, 0, () => {
    paintShades(surface, scene.shaded);
    paintBands(surface, scene.findings, scene.chosen);
    if (style.isLog) {
      paintMinorGrid(surface, logTicks(values).minor);
    }
    if (scene.band !== undefined) {
      paintBand(surface, scene.band, scene.range);
    }
  });
}

/** Everything above the grid. */
export function paintFront(surface: Surface, { scene, drawn, style, hasStepLabels }: PanelPicture): void {
  const [line] = scene.lines;
  paintInside(surface, 1, () => {
    paintRules(surface, scene.rules, { range: scene.range, hasLabels: style.isNorm });
    for (const [index, one] of scene.lines.entries()) {
      paintSceneLine(surface, one, { drawn: drawn[index], style });
    }
    // Above all lines: the next one would hide them.
    for (const [index, one] of scene.lines.entries()) {
      const main = drawn[index]?.smoothed ?? drawn[index]?.current;
      if (main !== undefined && isDense(surface, main)) {
        paintSigns(surface, main, { slot: one.slot, colour: colourOf(surface, one, style) });
      }
    }
    if (scene.band !== undefined) {
      paintMedian(surface, scene.band, scene.range);
    }
  });
  paintInside(surface, RIGHT_MARGIN, () => {
    for (const level of scene.levels) {
      paintLevel(surface, level.value, {
        label: level.label,
        pen: { colour: surface.theme.foreground, width: 1, alpha: style.isNorm ? 1 : REFERENCE_ALPHA, dash: [6, 4] },
      });
    }
  });
  if (line !== undefined && style.gutters !== "none") {
    const { gutters } = style;
    paintAnywhere(surface, () => paintGutters(surface, { offs: scene.lines, range: scene.range, gutters }));
  }
  if (hasStepLabels) {
    paintAnywhere(surface, () => paintAxisName(surface, axisName(scene.horizontal.unit), style));
  }
  if (line !== undefined && style.isNorm) {
    paintInside(surface, MARK_OVERHANG, () => paintSpikes(surface, scene.findings, scene.lines));
  }
}

/** Middle of the step labels below the plotting area or the gutter, in CSS pixels. */
const STEP_LABELS = 13;

/** At the left of the panel: a label of the first step reaches some way to its left. */
function paintAxisName(
  { context, ratio, left, top, height, theme }: Surface,
  name: string,
  { gutters }: PanelStyle,
): void {
  const below = (gutters === "both" ? GUTTER_HEIGHT : 0) + STEP_LABELS;
  context.font = scaledFont(theme.font, ratio);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.fillText(name, left - VALUE_AXIS_WIDTH * ratio, top + height + below * ratio);
}

export function colourOf(
  { theme }: Pick<Surface, "theme">,
  { slot }: Pick<SceneLine, "slot">,
  style: PanelStyle,
): string {
  const own = theme.data[style.colour];
  return slot === 0 ? own : (theme.runs[slot % theme.runs.length] ?? own);
}

function paintSceneLine(
  surface: Surface,
  line: SceneLine,
  { drawn, style }: { readonly drawn: DrawnLine | undefined; readonly style: PanelStyle },
): void {
  if (drawn === undefined) {
    return;
  }
  const colour = colourOf(surface, line, style);
  const dash = DASHES[line.slot % DASHES.length] ?? [];
  const width = surface.theme.lineWidth;
  for (const old of drawn.superseded) {
    paintLine(surface, old, { colour, width: 1, alpha: SUPERSEDED_ALPHA, dash });
  }
  if (drawn.smoothed === undefined) {
    paintLine(surface, drawn.current, { colour, width, alpha: 1, dash });
  } else {
    paintLine(surface, drawn.current, { colour, width: 1, alpha: RAW_ALPHA, dash: [] });
    paintLine(surface, drawn.smoothed, { colour, width: width * 1.4, alpha: 1, dash });
  }
}
