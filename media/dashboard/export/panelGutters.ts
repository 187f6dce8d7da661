import { markRuns } from "../../charts/gutters.ts";
import type { Theme } from "../../shared/theme.ts";
import { label, round } from "../../vector/frame.ts";
import type { Frame } from "../../vector/frame.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import type { Scene } from "../timeline/scene.ts";

/** Height of a strip, and half the size of a mark, in CSS pixels. */
export const GUTTER = 16;
const MARK = 3.5;
/** Marks nearer than this are joined, in CSS pixels. */
const JOIN = 5;

/** ✕ above the scale for NaN and ±Inf, ○ below it for zero, ▽ for less. */
export function gutterFigure(
  { lines, range }: Scene,
  frame: Frame,
  { theme, hasBelow }: { readonly theme: Theme; readonly hasBelow: boolean },
): readonly SvgNode[] {
  const { left, top, width, height, x } = frame;
  const [above, below] = [top - GUTTER / 2, top + height + GUTTER / 2];
  const gap = (range.max - range.min) / Math.max(1, width / JOIN);
  const placesOf = (of: (off: Scene["lines"][number]["off"]) => Float64Array): readonly number[] =>
    lines.flatMap(({ off }) =>
      markRuns(of(off), { ...range, gap }).flatMap(({ first, last }) =>
        (first === last ? [first] : [first, last]).map((step) => round(x.toPixel(step))),
      ),
    );
  const gutter = (name: string, y: number): readonly SvgNode[] => [
    svg("rect", {
      x: left,
      y: y - GUTTER / 2 + 1,
      width: round(width),
      height: GUTTER - 2,
      fill: theme.grid,
      "fill-opacity": 0.55,
    }),
    label(name, { x: left - 8, y, theme, anchor: "end" }),
  ];
  const broken = placesOf(({ nonFinite }) => nonFinite).map((at) => crossAt(at, above));
  const zeros = placesOf(({ zero }) => zero).map((at) => circleAt(at, below));
  const negative = placesOf((off) => off.negative).map((at) => triangleAt(at, below));
  return [
    ...gutter("NaN/Inf", above),
    marks(broken, theme.data.nonFinite),
    ...(hasBelow
      ? [
          ...gutter(negative.length > 0 ? "≤ 0" : "0", below),
          marks(zeros, theme.data.zero),
          marks(negative, theme.data.nonFinite),
        ]
      : []),
  ];
}

function marks(paths: readonly string[], colour: string): SvgNode {
  return svg("path", { d: paths.join(""), fill: "none", stroke: colour, "stroke-width": 1.5 });
}

function crossAt(x: number, y: number): string {
  return `M${x - MARK} ${y - MARK}l7 7M${x - MARK} ${y + MARK}l7 -7`;
}

function circleAt(x: number, y: number): string {
  return `M${x + MARK} ${y}a3.5 3.5 0 1 0 -7 0a3.5 3.5 0 1 0 7 0`;
}

function triangleAt(x: number, y: number): string {
  return `M${x} ${y + MARK}l3.5 -6h-7Z`;
}
