import type { AxisName } from "#protocol/dashboard/timeline.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import type { RunName } from "../header.ts";
import type { ShownRun } from "../run.ts";
import { chosenNorms, createNormChoice } from "./normChoice.ts";
import { createRunChoice } from "./runChoice.ts";
import { MOST_SMOOTHING } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** What the charts are asked to show besides the run: axis, smoothing, further norms, other runs. */
export interface Options {
  readonly element: HTMLElement;
  readonly show: (
    state: TimelineState,
    has: { readonly axes: readonly AxisName[]; readonly run: ShownRun; readonly others: readonly RunName[] },
  ) => void;
}

const AXIS_LABELS: Readonly<Record<TimelineState["axis"], string>> = {
  step: t("Steps"),
  time: t("Time"),
  samples: t("Samples"),
  tokens: t("Tokens"),
};

export function createOptions(onDidChange: (change: Partial<TimelineState>) => void): Options {
  const axis = element("select", { attributes: { "aria-label": t("Horizontal axis") } });
  axis.addEventListener("change", () => {
    const name = AXES.find((one) => one === axis.value);
    onDidChange({ axis: name ?? "step" });
  });
  const smoothing = element("input", {
    attributes: { type: "range", min: "0", max: String(MOST_SMOOTHING), step: "0.01", "aria-label": t("Smoothing") },
  });
  const weight = element("output", { class: "quiet-text" });
  smoothing.addEventListener("input", () => onDidChange({ smoothing: Number(smoothing.value) }));
  const norms = createNormChoice(onDidChange);
  const runs = createRunChoice(onDidChange);
  const bar = element("div", { class: "toolbar options" }, [
    element("label", { class: "group", text: `${t("X axis")} ` }, [axis]),
    element("label", { class: "group", text: `${t("Smoothing")} ` }, [smoothing, weight]),
    norms.element,
    runs.element,
  ]);
  return {
    element: bar,
    show(state, { axes, run, others }) {
      const names = AXES.filter((name) => name === "step" || axes.includes(name));
      if (names.length !== axis.options.length) {
        axis.replaceChildren(
          ...names.map((name) => element("option", { text: AXIS_LABELS[name], attributes: { value: name } })),
        );
      }
      axis.value = names.includes(state.axis) ? state.axis : "step";
      axis.disabled = names.length === 1;
      axis.title =
        names.length === 1 ? t("The log has neither times nor counts of samples or tokens.") : t("Horizontal axis");
      smoothing.value = String(state.smoothing);
      setText(weight, state.smoothing === 0 ? t("off") : state.smoothing.toFixed(2));
      const overlaid = others.filter(({ id }) => state.others.includes(id)).length;
      norms.show(run, state, overlaid);
      runs.show(state, others, chosenNorms(run, state, overlaid).length);
    },
  };
}

const AXES: readonly TimelineState["axis"][] = ["step", "time", "samples", "tokens"];
