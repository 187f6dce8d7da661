import { sparkline } from "../charts/sparkline.ts";
import { svgElement } from "../shared/element.ts";

const WIDTH = 88;
const HEIGHT = 16;
const MARK = 1.8;

/** The last values as a line; ✕ at the top for NaN or ±Inf, ○ at the bottom for zero. */
export function sparklineCell(values: Float64Array): SVGSVGElement {
  const { line, nonFinite, zero } = sparkline(values, WIDTH, HEIGHT);
  const crosses = nonFinite.map((x) => crossAt(x, MARK + 0.5)).join("");
  const circles = zero.map((x) => circleAt(x));
  const attributes = { width: String(WIDTH), height: String(HEIGHT), viewBox: `0 0 ${WIDTH} ${HEIGHT}` };
  return svgElement("svg", { ...attributes, class: "sparkline", "aria-hidden": "true" }, [
    svgElement("path", { d: line, class: "spark-line" }),
    svgElement("path", { d: crosses, class: "spark-broken" }),
    ...circles,
  ]);
}

function crossAt(x: number, y: number): string {
  return `M${x - MARK} ${y - MARK}l${2 * MARK} ${2 * MARK}M${x - MARK} ${y + MARK}l${2 * MARK} ${-2 * MARK}`;
}

function circleAt(x: number): SVGCircleElement {
  return svgElement("circle", { cx: String(x), cy: String(HEIGHT - MARK - 0.5), r: String(MARK), class: "spark-zero" });
}
