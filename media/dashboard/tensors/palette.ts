import { packPixel, VIRIDIS_PIXELS } from "../../charts/viridis.ts";
import type { Rgb } from "../../charts/viridis.ts";
import type { Theme } from "../../shared/theme.ts";
import type { Palette } from "./paintRow.ts";

/** `norm`: how large; `change`: how much larger or smaller than what is usual in the row. */
export type ColourMode = "norm" | "change";

const palettes = new WeakMap<Theme, Map<ColourMode, Palette>>();

/** Viridis for norms; for ratios from blue over the ground to orange, which all kinds of colour vision tell apart. */
export function paletteOf(theme: Theme, mode: ColourMode): Palette {
  const ofTheme = palettes.get(theme) ?? new Map<ColourMode, Palette>();
  palettes.set(theme, ofTheme);
  const palette = ofTheme.get(mode) ?? createPalette(theme, mode);
  ofTheme.set(mode, palette);
  return palette;
}

function createPalette(theme: Theme, mode: ColourMode): Palette {
  const background = readColour(theme.background);
  return {
    shades:
      mode === "norm" ? VIRIDIS_PIXELS : diverging(BELOW, mix(background, readColour(theme.foreground), 0.16), ABOVE),
    nonFinite: packPixel(readColour(theme.data.nonFinite)),
    zero: packPixel(readColour(theme.data.zero)),
    background: packPixel(background),
  };
}

const BELOW: Rgb = [30, 136, 229];
const ABOVE: Rgb = [255, 152, 0];
const SHADES = 256;

function diverging(low: Rgb, middle: Rgb, high: Rgb): Uint32Array {
  return Uint32Array.from({ length: SHADES }, (_, shade) => {
    const part = (shade / (SHADES - 1)) * 2 - 1;
    return packPixel(part < 0 ? mix(middle, low, -part) : mix(middle, high, part));
  });
}

function mix(a: Rgb, b: Rgb, part: number): Rgb {
  const at = (index: 0 | 1 | 2): number => Math.round(a[index] + (b[index] - a[index]) * part);
  return [at(0), at(1), at(2)];
}

/** A colour of a theme, however it is written. */
function readColour(colour: string): Rgb {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null) {
    return [0, 0, 0];
  }
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
