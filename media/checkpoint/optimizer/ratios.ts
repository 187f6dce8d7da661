import { t } from "@vscode/l10n";
import { element, svgElement } from "../../shared/element.ts";

const WIDTH = 220;
const HEIGHT = 56;
/** Bins of 0.1, the last for all above. */
const BIN = 0.1;

/** Elements by |m̂|/√v̂: near 1 the gradient keeps its sign, near 0.23 (β1 = 0.9) it is noise. */
export function createRatios(counts: readonly number[]): HTMLElement {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const most = counts.reduce((largest, count) => Math.max(largest, count), 1);
  const width = WIDTH / Math.max(1, counts.length);
  const bars = counts.map((count, at) =>
    svgElement("rect", {
      class: "bar",
      x: (at * width).toFixed(2),
      width: Math.max(1, width - 1).toFixed(2),
      y: (HEIGHT - (count / most) * HEIGHT).toFixed(2),
      height: ((count / most) * HEIGHT).toFixed(2),
    }),
  );
  const sentence =
    total === 0
      ? t("No element has a second moment.")
      : t("Median of |m̂|/√v̂: {0}. Near 1 signs agree; near 0.2 it is noise.", medianBin(counts, total));
  const picture = svgElement(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "histogram ratios", role: "img", "aria-label": sentence },
    bars,
  );
  return element("figure", { class: "magnitudes" }, [
    picture,
    element("figcaption", { class: "quiet-text", text: sentence }),
  ]);
}

function medianBin(counts: readonly number[], total: number): string {
  let seen = 0;
  for (const [at, count] of counts.entries()) {
    seen += count;
    if (2 * seen >= total) {
      return at === counts.length - 1
        ? t("{0} or more", (at * BIN).toFixed(1))
        : t("{0} to {1}", (at * BIN).toFixed(1), ((at + 1) * BIN).toFixed(1));
    }
  }
  return "–";
}
