import { CELL_MARKS } from "#core/cellMarks.ts";
import { wholeTicks } from "../../charts/axis.ts";
import { axisName } from "../../charts/axisName.ts";
import { horizontalAxis, label, linearScale } from "../../vector/frame.ts";
import type { Frame } from "../../vector/frame.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { HeatView } from "./heatView.ts";
import { NON_FINITE, shadeOf } from "./paintRow.ts";
import { createPixelRow } from "./pixelRow.ts";
import type { PixelRow } from "./pixelRow.ts";
import { toShownPixels } from "./shownPixels.ts";

/** The rows of a heatmap that are to be drawn, and how. */
export type HeatPicture = Pick<HeatView, "rows" | "cells" | "place" | "mode" | "scale" | "palette" | "theme">;

/** CSS pixels. */
const [ROW, GAP, AXIS] = [14, 1, 24];
/** A vector picture knows no width of a text; this is more than most letters have. */
const LETTER = 6.6;
const STEP_LABEL_DISTANCE = 90;
const HATCH_ID = "heat-not-finite";

export function heatHeight({ rows }: HeatPicture): number {
  return rows.length * ROW + AXIS;
}

/** Tensors by steps as a vector picture: one path for all cells of a shade, NaN hatched, zero outlined. */
export function heatFigure(picture: HeatPicture, top: number): readonly SvgNode[] {
  const { rows, cells, place, palette, theme } = picture;
  const boxes = createBoxes();
  const pixels = createPixelRow(place.width);
  for (const [index, row] of rows.entries()) {
    const known = cells.get(row);
    if (known !== undefined) {
      toShownPixels(pixels, known, picture);
      addRow(boxes, pixels, { picture, top: top + index * ROW });
    }
  }
  const paths = boxes.all().map(([kind, d]) => boxFigure(kind, d, picture));
  const names = rows.map(({ label: name }, index) => {
    const y = top + (index + 0.5) * ROW;
    return label(shortened(name, place.left), { x: place.left - 8, y, theme, anchor: "end" });
  });
  return [hatch(cssColour(palette.nonFinite)), ...paths, ...names, ...stepAxis(picture, top + rows.length * ROW)];
}

type Kind = number | "notFinite" | "zero";

function addRow(
  boxes: Boxes,
  { most, marks }: PixelRow,
  { picture, top }: { readonly picture: HeatPicture; readonly top: number },
): void {
  const { place, palette, scale } = picture;
  const kindAt = (x: number): Kind | undefined => {
    const [norm = Number.NaN, mark = 0] = [most[x], marks[x]];
    if ((mark & NON_FINITE) !== 0) {
      return "notFinite";
    }
    if (norm >= -Infinity) {
      return shadeOf(norm, scale, palette.shades.length);
    }
    return (mark & CELL_MARKS.zero) === 0 ? undefined : "zero";
  };
  let from = 0;
  for (let x = 1; x <= place.width; x += 1) {
    const kind = kindAt(from);
    if (x === place.width || kindAt(x) !== kind) {
      if (kind !== undefined) {
        boxes.add(kind, `M${place.left + from} ${top}h${x - from}v${ROW - GAP}h${from - x}Z`);
      }
      from = x;
    }
  }
}

interface Boxes {
  readonly add: (kind: Kind, path: string) => void;
  readonly all: () => readonly (readonly [Kind, string])[];
}

function createBoxes(): Boxes {
  const paths = new Map<Kind, string[]>();
  return {
    add(kind, path) {
      const known = paths.get(kind) ?? [];
      known.push(path);
      paths.set(kind, known);
    },
    all: () => Array.from(paths, ([kind, parts]) => [kind, parts.join("")] as const),
  };
}

function boxFigure(kind: Kind, d: string, { palette }: HeatPicture): SvgNode {
  if (kind === "notFinite") {
    return svg("path", { d, fill: `url(#${HATCH_ID})` });
  }
  return kind === "zero"
    ? svg("path", { d, fill: "none", stroke: cssColour(palette.zero) })
    : svg("path", { d, fill: cssColour(palette.shades[kind] ?? palette.background) });
}

function hatch(colour: string): SvgNode {
  return svg("pattern", { id: HATCH_ID, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, [
    svg("path", { d: "M-1 7L7 -1M-1 1L1 -1M5 7L7 5", stroke: colour, "stroke-width": 2 }),
  ]);
}

function stepAxis({ place, theme }: HeatPicture, top: number): readonly SvgNode[] {
  const { left, width, range } = place;
  const x = linearScale(range, left, left + width);
  const frame: Frame = { left, top, width, height: 0, x, y: x };
  const major = wholeTicks(range, Math.max(2, Math.floor(width / STEP_LABEL_DISTANCE)));
  return horizontalAxis(
    frame,
    { major, minor: [] },
    {
      theme,
      format: (step) => step.toLocaleString("en"),
      name: axisName("step"),
    },
  );
}

/** The end of a name tells more than its beginning. */
function shortened(name: string, width: number): string {
  const most = Math.floor((width - 8) / LETTER);
  return name.length <= most ? name : `…${name.slice(1 - most)}`;
}

/** From a pixel of a canvas, whose lowest byte is red. */
function cssColour(pixel: number): string {
  const channels = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
