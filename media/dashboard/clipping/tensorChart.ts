import type { TensorPlan, TensorPlans } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { logRange } from "../../charts/axis.ts";
import { element } from "../../shared/element.ts";
import { readTheme } from "../../shared/theme.ts";
import type { Theme } from "../../shared/theme.ts";
import { svg } from "../../vector/node.ts";
import type { SvgNode } from "../../vector/node.ts";
import { toElement } from "../../vector/toElement.ts";
import { sheet } from "../export/figures.ts";
import { HISTORY_HEIGHT, afterLine, historyFigure, historyFrame } from "./history.ts";
import type { NormHistory } from "./normHistory.ts";

/** The global norm before and after clipping per tensor, step by step. */
export interface TensorChart {
  readonly element: HTMLElement;
  readonly show: (plans: TensorPlans, plan: TensorPlan) => void;
  readonly redraw: () => void;
}

const LEAST_WIDTH = 260;
const NOTHING_CUT = "nothing-cut";

export function createTensorChart(): TensorChart {
  const plot = element("div", { class: "clip-plot" });
  const caption = element("figcaption", {
    text: t("Global norm of these tensors: before, and thicker after clipping"),
  });
  const figure = element("figure", { class: "clip-figure" }, [caption, plot]);
  let shown: { readonly plans: TensorPlans; readonly plan: TensorPlan } | undefined;
  new ResizeObserver(redraw).observe(figure);
  return {
    element: figure,
    show(plans, plan) {
      shown = { plans, plan };
      redraw();
    },
    redraw,
  };

  function redraw(): void {
    if (shown !== undefined && figure.clientWidth > 0) {
      const width = Math.max(LEAST_WIDTH, figure.clientWidth);
      plot.replaceChildren(toElement(tensorFigure(shown.plans, shown.plan, { width, theme: readTheme() })));
    }
  }
}

/** As a vector picture of its own size. */
export function tensorFigure(
  plans: TensorPlans,
  plan: TensorPlan,
  { width, theme }: { readonly width: number; readonly theme: Theme },
): SvgNode {
  const history = historyOf(plans, plan);
  const frame = historyFrame(history, width);
  const after = { steps: plans.steps, values: plan.globalNorms };
  const nothing = svg("clipPath", { id: NOTHING_CUT }, [svg("rect", { width: 0, height: 0 })]);
  const parts = [
    nothing,
    ...historyFigure(history, frame, { theme, clipId: NOTHING_CUT }),
    afterLine(frame, after, theme),
  ];
  return sheet(parts, { width, height: HISTORY_HEIGHT, theme, name: NAME });
}

const NAME = t("Global gradient norm before and after clipping per tensor, on a logarithmic axis");

/** The axis holds both courses; a norm of zero has no place on it. */
function historyOf({ steps, before }: TensorPlans, { globalNorms }: TensorPlan): NormHistory {
  let [low, high] = [Infinity, 0];
  for (const norms of [before, globalNorms]) {
    for (const norm of norms) {
      low = norm > 0 ? Math.min(low, norm) : low;
      high = Math.max(high, norm);
    }
  }
  return { steps, values: before, range: logRange(low, high) };
}
