import { logTicks } from "../../../charts/axis.ts";
import { axisName } from "../../../charts/axisName.ts";
import type { AxisRange } from "../../../charts/axis.ts";
import { RIGHT_MARGIN } from "../plotOptions.ts";
import { DASHES, SIGNS } from "../roles.ts";
import type { PanelStyle } from "../roles.ts";
import type { DrawnLine, Scene, SceneLine } from "../scene.ts";
import { paintBand, paintMedian, paintRules, paintShades } from "./background.ts";
import { isDense } from "./dense.ts";
import { paintBands, paintSpikes } from "./findings.ts";
import { paintMinorGrid } from "./grid.ts";
import { GUTTER_HEIGHT, paintGutters } from "./gutters.ts";
import { paintLevel, paintLine, scaledFont } from "./lines.ts";
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
      paintSigns(surface, one, { drawn: drawn[index], style });
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
    paintInside(surface, MARK_OVERHANG, () => paintSpikes(surface, scene.findings, line.curve.current()));
  }
}

/** Middle of the step labels below the plotting area or the gutter, and distance of a name from it, in CSS pixels. */
const STEP_LABELS = 13;
const NAME_GAP = 8;

function paintAxisName(
  { context, ratio, left, top, height, theme }: Surface,
  name: string,
  { gutters }: PanelStyle,
): void {
  const below = (gutters === "both" ? GUTTER_HEIGHT : 0) + STEP_LABELS;
  context.font = scaledFont(theme.font, ratio);
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.fillText(name, left - NAME_GAP * ratio, top + height + below * ratio);
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

/** Distance between two signs of a line, and between those of two lines, in CSS pixels. */
const SIGN_DISTANCE = 150;
const SIGN_SHIFT = 25;
/** A sign is as large as text, in a hole of this radius in its own line, in CSS pixels: on the line it would not be seen. */
const SIGN_SIZE = 12;
const SIGN_HOLE = 8;

function paintSigns(
  surface: Surface,
  { slot }: SceneLine,
  { drawn, style }: { readonly drawn: DrawnLine | undefined; readonly style: PanelStyle },
): void {
  const sign = SIGNS[slot % SIGNS.length] ?? "";
  const main = drawn?.smoothed ?? drawn?.current;
  if (sign === "" || main === undefined || !isDense(surface, main)) {
    return;
  }
  const { context, left, width, ratio, xOf, yOf, theme } = surface;
  const { steps, values } = main;
  const colour = colourOf(surface, { slot }, style);
  context.font = scaledFont(theme.font.replace(/^[\d.]+/, String(SIGN_SIZE)), ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.globalAlpha = 1;
  let next = left + (SIGN_DISTANCE / 2 + slot * SIGN_SHIFT) * ratio;
  for (let index = 0; index < steps.length && next < left + width; index++) {
    const [x, value] = [xOf(steps[index] ?? 0), values[index] ?? Number.NaN];
    if (x >= next && Number.isFinite(value)) {
      const y = yOf(value);
      context.beginPath();
      context.arc(x, y, SIGN_HOLE * ratio, 0, 2 * Math.PI);
      context.fillStyle = theme.background;
      context.fill();
      context.fillStyle = colour;
      context.fillText(sign, x, y);
      next = x + SIGN_DISTANCE * ratio;
    }
  }
}
