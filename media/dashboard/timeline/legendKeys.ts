import { t } from "@vscode/l10n";
import { element, svgElement } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { BAND_ALPHA, MEDIAN_ALPHA, SHADE_ALPHA } from "./paint/background.ts";
import { DASHES, SIGNS } from "./roles.ts";
import type { SceneLine } from "./scene.ts";

const [WIDTH, HEIGHT] = [22, 12];
const MIDDLE = HEIGHT / 2;

/** How a line looks in the chart: its colour, its dash, and the sign that it carries where it is dense. */
export function lineSample(
  { slot }: Pick<SceneLine, "slot">,
  { colour, theme }: { readonly colour: string; readonly theme: Theme },
): Element {
  const dash = DASHES[slot % DASHES.length] ?? [];
  const sign = SIGNS[slot % SIGNS.length] ?? "";
  const line = stroke({ colour, width: 2, dash });
  const mark = svgElement("text", {
    x: String(WIDTH / 2),
    y: String(MIDDLE),
    fill: colour,
    stroke: theme.background,
    "stroke-width": "4",
    "paint-order": "stroke",
    "font-size": "11",
    "text-anchor": "middle",
    "dominant-baseline": "central",
  });
  mark.textContent = sign;
  return sample(sign === "" ? [line] : [line, mark]);
}

/** What is drawn around a norm, each with its meaning as a title; `of` names the norm among several. */
export function surroundingKeys(
  {
    hasBand,
    hasWarmUp,
    of,
  }: { readonly hasBand: boolean; readonly hasWarmUp: boolean; readonly of: string | undefined },
  theme: Theme,
): readonly HTMLElement[] {
  const { foreground, data, hasOutlines } = theme;
  const usual = box({ fill: data.globalNorm, alpha: BAND_ALPHA, outline: hasOutlines ? data.globalNorm : "none" });
  const median = stroke({ colour: foreground, width: 1, dash: [4, 3], alpha: MEDIAN_ALPHA });
  const warmUp = box({ fill: foreground, alpha: SHADE_ALPHA * 2, outline: hasOutlines ? foreground : "none" });
  return [
    ...(hasBand
      ? [
          key(
            [usual, median],
            of === undefined ? t("usual range") : t("usual range of {0}", of),
            t("Median of the last 200 norms, and two robust spreads around it; a spike stands far above"),
          ),
        ]
      : []),
    ...(hasWarmUp
      ? [key([warmUp], t("warm-up"), t("Before the warm-up is over only a jump of a hundred times counts as a spike"))]
      : []),
  ];
}

function key(shapes: readonly Element[], name: string, title: string): HTMLElement {
  return element("span", { class: "legend-entry", attributes: { title } }, [
    sample(shapes),
    element("span", { text: name }),
  ]);
}

function sample(shapes: readonly Element[]): Element {
  return svgElement("svg", { width: String(WIDTH), height: String(HEIGHT), "aria-hidden": "true" }, shapes);
}

function stroke({
  colour,
  width,
  dash,
  alpha = 1,
}: {
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly alpha?: number;
}): Element {
  return svgElement("line", {
    x1: "0",
    x2: String(WIDTH),
    y1: String(MIDDLE),
    y2: String(MIDDLE),
    stroke: colour,
    "stroke-width": String(width),
    "stroke-dasharray": dash.join(" "),
    "stroke-opacity": String(alpha),
  });
}

function box({
  fill,
  alpha,
  outline,
}: {
  readonly fill: string;
  readonly alpha: number;
  readonly outline: string;
}): Element {
  return svgElement("rect", {
    width: String(WIDTH),
    height: String(HEIGHT),
    fill,
    "fill-opacity": String(alpha),
    stroke: outline,
    "stroke-dasharray": "1 3",
  });
}
