import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { readTheme } from "../../shared/theme.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { toElement } from "../../vector/toElement.ts";
import type { Frame } from "../../vector/frame.ts";
import type { ClipModel } from "./clipModel.ts";
import { DISTRIBUTION_HEIGHT, distributionFigure, distributionFrame, thresholdMark } from "./distribution.ts";
import { attachDrag } from "./drag.ts";
import { HISTORY_HEIGHT, cutRegion, historyFigure, historyFrame, thresholdLine } from "./history.ts";
import { thresholdAfterKey } from "./thresholdInput.ts";

/** The distribution of the norms, on which the threshold is dragged, and their history below it. */
export interface ClipCharts {
  readonly element: HTMLElement;
  readonly show: (model: ClipModel) => void;
  /** Puts the threshold elsewhere; the text says what it does. */
  readonly move: (threshold: number, text: string) => void;
  /** Draws anew, in the theme and at the width of now. */
  readonly redraw: () => void;
}

const CLIP_ID = "clipped-part";
const LEAST_WIDTH = 260;

export function createClipCharts(onDidMove: (threshold: number) => void): ClipCharts {
  const handle = element("div", {
    class: "clip-handle",
    attributes: { role: "slider", tabindex: "0", "aria-label": t("Clip threshold"), "aria-orientation": "horizontal" },
  });
  const distribution = element("div", { class: "clip-plot is-horizontal" });
  const history = element("div", { class: "clip-plot is-vertical" });
  const whole = element("div", { class: "clip-charts" }, [
    titled(t("How large the norms are: share of steps up to each norm"), distribution, [
      t("Drag ▲ to another threshold."),
      t("▼ is a candidate below; the strip runs from half to ten times the mean."),
    ]),
    titled(t("The norms that count; what would have been cut is filled"), history),
  ]);
  let model: ClipModel | undefined;
  let drawn: Drawn | undefined;
  let threshold = 1;
  let text = "";
  attachDrag(distribution, ({ x }) => drawn && onDidMove(drawn.frames.distribution.x.toValue(x)));
  attachDrag(history, ({ y }) => drawn && onDidMove(drawn.frames.history.y.toValue(y)));
  handle.addEventListener("keydown", (event) => {
    const moved = model && thresholdAfterKey(event.key, threshold, model.range);
    if (moved !== undefined) {
      event.preventDefault();
      onDidMove(moved);
    }
  });
  new ResizeObserver(redraw).observe(whole);
  return {
    element: whole,
    show(newModel) {
      model = newModel;
      handle.setAttribute("aria-valuemin", String(model.range.min));
      handle.setAttribute("aria-valuemax", String(model.range.max));
      redraw();
    },
    move(newThreshold, newText) {
      [threshold, text] = [newThreshold, newText];
      place();
    },
    redraw,
  };

  function redraw(): void {
    if (model !== undefined && whole.clientWidth > 0) {
      drawn = draw(model, Math.max(LEAST_WIDTH, whole.clientWidth));
      distribution.replaceChildren(drawn.distribution, handle);
      history.replaceChildren(drawn.history);
      place();
    }
  }

  function place(): void {
    handle.setAttribute("aria-valuenow", String(threshold));
    handle.setAttribute("aria-valuetext", text);
    if (drawn !== undefined) {
      const { left, width } = drawn.frames.distribution;
      const x = drawn.frames.distribution.x.toPixel(threshold);
      handle.style.transform = `translateX(${Math.min(Math.max(x, left), left + width)}px)`;
      drawn.move(threshold);
    }
  }
}

interface Drawn {
  readonly frames: { readonly distribution: Frame; readonly history: Frame };
  readonly distribution: SVGElement;
  readonly history: SVGElement;
  readonly move: (threshold: number) => void;
}

/** What stands still is drawn once; a move changes the marks alone. */
function draw(model: ClipModel, width: number): Drawn {
  const theme = readTheme();
  const frames = { distribution: distributionFrame(model, width), history: historyFrame(model.history, width) };
  const [mark, line, cut] = [toElement(svg("g")), toElement(svg("g")), toElement(svg("clipPath", { id: CLIP_ID }))];
  const distribution = toElement(
    picture(distributionFigure(model, frames.distribution, theme), {
      width,
      height: DISTRIBUTION_HEIGHT,
      name: t("Distribution of the gradient norms on a logarithmic axis"),
    }),
  );
  const history = toElement(
    picture(historyFigure(model.history, frames.history, { theme, clipId: CLIP_ID }), {
      width,
      height: HISTORY_HEIGHT,
      name: t("Gradient norm at each step that counts, on a logarithmic axis"),
    }),
  );
  distribution.append(mark);
  history.append(cut, line);
  return {
    frames,
    distribution,
    history,
    move(threshold) {
      mark.replaceChildren(...thresholdMark(frames.distribution, threshold, theme).map(toElement));
      line.replaceChildren(...thresholdLine(frames.history, threshold, theme).map(toElement));
      cut.replaceChildren(toElement(cutRegion(frames.history, threshold)));
    },
  };
}

function picture(
  children: readonly SvgNode[],
  { width, height, name }: { readonly width: number; readonly height: number; readonly name: string },
): SvgNode {
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name }, children);
}

function titled(title: string, plot: HTMLElement, hints: readonly string[] = []): HTMLElement {
  const caption = element("figcaption", {}, [
    element("span", { text: title }),
    ...hints.map((text) => element("span", { class: "clip-hint", text })),
  ]);
  return element("figure", { class: "clip-figure" }, [caption, plot]);
}
