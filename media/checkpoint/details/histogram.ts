import type { MagnitudeHistogram } from "#core/tensor.ts";
import { t } from "@vscode/l10n";
import { element, svgElement } from "../../shared/element.ts";
import { formatCount } from "../text.ts";

const WIDTH = 280;
const HEIGHT = 90;
const LABEL_ROOM = 14;
/** Smaller bars would not be seen; an empty bin has none. */
const LEAST_HEIGHT = 1.5;
/** float16's smallest normal number is 2^-14. */
const HALF_EXPONENT = -14;

/** Elements by magnitude, one bar for each power of two, with a sentence and a table that say the same. */
export function createHistogram({ firstExponent, counts }: MagnitudeHistogram): HTMLElement {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return element("p", { class: "quiet-text", text: t("No element is finite and other than zero.") });
  }
  const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
  const width = WIDTH / counts.length;
  const bars = counts.flatMap((count, at) => {
    const height = Math.max(LEAST_HEIGHT, (count / most) * (HEIGHT - LABEL_ROOM - 4));
    const place = { x: at * width, y: HEIGHT - LABEL_ROOM - height, width: Math.max(1, width - 1), height };
    return count === 0
      ? []
      : [svgElement("rect", { class: "bar", ...textOf(place) }, [titleOf(firstExponent + at, count)])];
  });
  const sentence = describe(firstExponent, counts);
  const baseline = textOf({ x1: 0, x2: WIDTH, y1: HEIGHT - LABEL_ROOM, y2: HEIGHT - LABEL_ROOM });
  const picture = svgElement(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "histogram", role: "img", "aria-label": sentence },
    [...bars, svgElement("line", { class: "axis", ...baseline }), ...labels(firstExponent, counts.length)],
  );
  return element("figure", { class: "magnitudes" }, [
    picture,
    element("figcaption", { class: "quiet-text", text: sentence }),
    tableOf(firstExponent, counts),
  ]);
}

function textOf(numbers: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, value.toFixed(2)]));
}

function titleOf(exponent: number, count: number): SVGTitleElement {
  const title = svgElement("title", {});
  title.textContent = `${rangeOf(exponent)}: ${formatCount(count)}`;
  return title;
}

function rangeOf(exponent: number): string {
  return t("2^{0} to 2^{1}", exponent, exponent + 1);
}

function labels(firstExponent: number, bins: number): SVGElement[] {
  const first = svgElement("text", { x: "0", y: String(HEIGHT - 2) });
  first.textContent = `2^${firstExponent}`;
  const last = svgElement("text", { x: String(WIDTH), y: String(HEIGHT - 2), "text-anchor": "end" });
  last.textContent = `2^${firstExponent + bins}`;
  return [first, last];
}

function describe(firstExponent: number, counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const peak = counts.reduce((best, count, at) => (count > (counts[best] ?? 0) ? at : best), 0);
  const small = counts.slice(0, Math.max(0, HALF_EXPONENT - firstExponent)).reduce((sum, count) => sum + count, 0);
  const end = firstExponent + counts.length;
  const range = t(
    "Magnitudes from 2^{0} to 2^{1}, most within {2}.",
    firstExponent,
    end,
    rangeOf(firstExponent + peak),
  );
  return small === 0
    ? range
    : t("{0} {1} are below float16's smallest normal number, 2^-14.", range, percent(small / total));
}

function percent(share: number): string {
  return share < 0.001 ? t("Less than 0.1 %") : `${(share * 100).toFixed(1)} %`;
}

function tableOf(firstExponent: number, counts: readonly number[]): HTMLElement {
  const rows = counts.map((count, at) =>
    element("tr", {}, [
      element("td", { text: rangeOf(firstExponent + at) }),
      element("td", { class: "align-right", text: formatCount(count) }),
    ]),
  );
  const head = element("tr", {}, [
    element("th", { text: t("Magnitude"), attributes: { scope: "col" } }),
    element("th", { class: "align-right", text: t("Elements"), attributes: { scope: "col" } }),
  ]);
  const table = element("table", {}, [element("thead", {}, [head]), element("tbody", {}, rows)]);
  return element("details", {}, [element("summary", { text: t("As a table") }), table]);
}
