import { logTicks, formatTick } from "../../charts/axis.ts";
import type { Theme } from "../../shared/theme.ts";
import { createCanvas } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { createPixelRow } from "./pixelRow.ts";
import { paintRow } from "./paintRow.ts";
import type { Palette, Scale } from "./paintRow.ts";
import type { ColourMode } from "./palette.ts";
import type { Place } from "./place.ts";
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
  readonly place: Pick<Place, "left" | "width">;
}

/** CSS pixels. */
const BAR = { left: 6, width: 220, height: 12 } as const;
const HEIGHT = 30;
const SWATCH = { width: 22, gap: 6, height: 18 } as const;
const GAP = 24;
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
      const { spots, height } = layOut(picture);
      canvas.paint({ width: picture.place.left + picture.place.width, height }, (context) => {
        drawBar(context, picture);
        spots.forEach((spot) => drawSwatch(context, picture, spot));
      });
    },
  };
}

type Spot = (typeof SWATCHES)[number] & { readonly left: number; readonly top: number };

/** The swatches stand beside the bar, and where that is too narrow in lines below it. */
function layOut({ place, theme }: LegendPicture): { readonly spots: readonly Spot[]; readonly height: number } {
  const ruler = new OffscreenCanvas(1, 1).getContext("2d");
  const available = place.left + place.width;
  let [left, top]: [number, number] = [BAR.left + BAR.width + GAP, 0];
  const spots = SWATCHES.map((swatch) => {
    if (ruler !== null) {
      ruler.font = theme.font;
    }
    const width = SWATCH.width + SWATCH.gap + Math.ceil(ruler?.measureText(swatch.text).width ?? 0);
    if (left + width > available) {
      [left, top] = [BAR.left, top === 0 ? HEIGHT : top + SWATCH.height];
    }
    const spot = { ...swatch, left, top };
    left += width + GAP;
    return spot;
  });
  return { spots, height: top === 0 ? HEIGHT : top + SWATCH.height };
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
  { text, marks, left, top }: Spot,
): void {
  const row = createPixelRow(SWATCH.width);
  row.most.fill(Number.NaN);
  row.marks.fill(marks);
  drawRow(context, row, palette, { left, top, scale });
  if (marks === 0) {
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, top + 0.5, SWATCH.width - 1, BAR.height - 1);
  }
  context.font = theme.font;
  context.fillStyle = theme.muted;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left + SWATCH.width + SWATCH.gap, top + BAR.height / 2);
}

function drawRow(
  context: CanvasRenderingContext2D,
  row: ReturnType<typeof createPixelRow>,
  palette: Palette,
  { left, top = 0, scale }: { readonly left: number; readonly top?: number; readonly scale: Scale },
): void {
  const width = row.most.length;
  const image = new ImageData(width, BAR.height);
  paintRow({ pixels: new Uint32Array(image.data.buffer), width, top: 0, height: BAR.height }, row, palette, scale);
  const canvas = new OffscreenCanvas(width, BAR.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  context.drawImage(canvas, left, top);
}
