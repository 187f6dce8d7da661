import { logTicks, formatTick } from "../../charts/axis.ts";
import type { Theme } from "../../shared/theme.ts";
import { createCanvas } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { createPixelRow } from "./pixelRow.ts";
import { paintRow } from "./paintRow.ts";
import type { Palette, Scale } from "./paintRow.ts";
import type { ColourMode } from "./palette.ts";
import { CELL_MARKS } from "#core/cellMarks.ts";
import { t } from "@vscode/l10n";

export interface Legend {
  readonly element: HTMLElement;
  readonly draw: (picture: LegendPicture) => void;
}

export interface LegendPicture {
  readonly palette: Palette;
  readonly scale: Scale;
  readonly mode: ColourMode;
  readonly theme: Theme;
}

/** CSS pixels. */
const BAR = { left: 6, width: 220, height: 12 } as const;
const HEIGHT = 30;
const SWATCH = 22;
const SWATCHES = [
  { text: t("NaN or Inf"), marks: CELL_MARKS.nan },
  { text: t("0 (no gradient)"), marks: CELL_MARKS.zero },
  { text: t("not measured"), marks: 0 },
] as const;

/** What the shades mean, and what has none. */
export function createLegend(): Legend {
  const attributes = {
    role: "img",
    "aria-label": t(
      "Colours: dark is small and bright is large; NaN and Inf are hatched, zero is outlined, what was not measured is blank.",
    ),
  };
  const canvas: Canvas = createCanvas({ class: "heat-legend", attributes });
  return {
    element: canvas.element,
    draw(picture) {
      canvas.paint({ width: BAR.left + BAR.width + 3 * 128 + 24, height: HEIGHT }, (context) => {
        drawBar(context, picture);
        SWATCHES.forEach((swatch, index) => {
          drawSwatch(context, picture, { ...swatch, left: BAR.left + BAR.width + 24 + index * 128 });
        });
      });
    },
  };
}

function drawBar(context: CanvasRenderingContext2D, { palette, scale, mode, theme }: LegendPicture): void {
  const row = createPixelRow(BAR.width);
  row.most.forEach((_, x) => (row.most[x] = scale.low + ((scale.high - scale.low) * x) / (BAR.width - 1)));
  drawRow(context, row, palette, { left: BAR.left, scale });
  context.font = theme.font;
  context.fillStyle = theme.muted;
  context.textBaseline = "top";
  context.textAlign = "center";
  const range = { min: 10 ** scale.low, max: 10 ** scale.high };
  let free = -Infinity;
  for (const value of logTicks(range).major) {
    const text = mode === "change" ? `×${formatTick(value)}` : formatTick(value);
    const x = BAR.left + ((Math.log10(value) - scale.low) / (scale.high - scale.low)) * BAR.width;
    const half = context.measureText(text).width / 2;
    if (x - half > free) {
      context.fillRect(Math.round(x), BAR.height, 1, 4);
      context.fillText(text, Math.max(half, x), BAR.height + 5);
      free = x + half + 6;
    }
  }
}

function drawSwatch(
  context: CanvasRenderingContext2D,
  { palette, scale, theme }: LegendPicture,
  { text, marks, left }: { readonly text: string; readonly marks: number; readonly left: number },
): void {
  const row = createPixelRow(SWATCH);
  row.most.fill(Number.NaN);
  row.marks.fill(marks);
  drawRow(context, row, palette, { left, scale });
  if (marks === 0) {
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, SWATCH - 1, BAR.height - 1);
  }
  context.font = theme.font;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left + SWATCH + 6, BAR.height / 2);
}

function drawRow(
  context: CanvasRenderingContext2D,
  row: ReturnType<typeof createPixelRow>,
  palette: Palette,
  { left, scale }: { readonly left: number; readonly scale: Scale },
): void {
  const width = row.most.length;
  const image = new ImageData(width, BAR.height);
  paintRow({ pixels: new Uint32Array(image.data.buffer), width, top: 0, height: BAR.height }, row, palette, scale);
  const canvas = new OffscreenCanvas(width, BAR.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  context.drawImage(canvas, left, 0);
}
