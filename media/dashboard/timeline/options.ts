import type { AxisName } from "#protocol/dashboard/timeline.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import type { RunName } from "../header.ts";
import { MOST_OVERLAID, MOST_SIDE_BY_SIDE, MOST_SMOOTHING } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** What the charts are asked to show besides the run: axis, smoothing, other runs. */
export interface Options {
  readonly element: HTMLElement;
  readonly show: (
    state: TimelineState,
    has: { readonly axes: readonly AxisName[]; readonly others: readonly RunName[] },
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
  const runs = createRunChoice(onDidChange);
  const bar = element("div", { class: "toolbar options" }, [
    element("label", { class: "group", text: `${t("By")} ` }, [axis]),
    element("label", { class: "group", text: `${t("Smoothing")} ` }, [smoothing, weight]),
    runs.element,
  ]);
  return {
    element: bar,
    show(state, { axes, others }) {
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
      runs.show(state, others);
    },
  };
}

const AXES: readonly TimelineState["axis"][] = ["step", "time", "samples", "tokens"];

/** A list of the other runs to tick. */
function createRunChoice(onDidChange: (change: Partial<TimelineState>) => void): {
  readonly element: HTMLElement;
  readonly show: (state: TimelineState, others: readonly RunName[]) => void;
} {
  const summary = element("summary", { text: t("Other runs") });
  const list = element("div", { class: "run-choice" });
  const box = element("details", { class: "group" }, [summary, list]);
  let shown = "";
  return {
    element: box,
    show(state, others) {
      box.hidden = others.length === 0;
      const chosen = others.filter(({ id }) => state.others.includes(id)).length;
      setText(summary, chosen === 0 ? t("Other runs") : t("Other runs: {0}", chosen));
      const key = JSON.stringify([state.others, state.isSideBySide, others]);
      if (key !== shown) {
        shown = key;
        const focused = list.contains(document.activeElement) ? document.activeElement?.id : undefined;
        list.replaceChildren(...entriesOf(state, others, onDidChange));
        Array.from(list.querySelectorAll("input"))
          .find(({ id }) => id === focused)
          ?.focus();
      }
    },
  };
}

function entriesOf(
  state: TimelineState,
  others: readonly RunName[],
  onDidChange: (change: Partial<TimelineState>) => void,
): readonly HTMLElement[] {
  const most = state.isSideBySide ? MOST_SIDE_BY_SIDE : MOST_OVERLAID;
  const chosen = others.map(({ id }) => id).filter((id) => state.others.includes(id));
  const runs = others.map(({ id, name }, index) => {
    const isChosen = chosen.includes(id);
    const isFull = !isChosen && chosen.length >= most;
    return checkbox(name, { id: `other-run-${index}`, isChecked: isChosen, isDisabled: isFull }, (isTicked) => {
      onDidChange({ others: isTicked ? [...chosen, id] : chosen.filter((one) => one !== id) });
    });
  });
  const layout = checkbox(
    t("side by side"),
    { id: "side-by-side", isChecked: state.isSideBySide, isDisabled: false },
    (isSideBySide) =>
      onDidChange({ isSideBySide, others: chosen.slice(0, isSideBySide ? chosen.length : MOST_OVERLAID) }),
  );
  return [...runs, layout];
}

function checkbox(
  label: string,
  { id, isChecked, isDisabled }: { readonly id: string; readonly isChecked: boolean; readonly isDisabled: boolean },
  onChange: (isTicked: boolean) => void,
): HTMLElement {
  const input = element("input", { attributes: { type: "checkbox", id } });
  input.checked = isChecked;
  input.disabled = isDisabled;
  input.addEventListener("change", () => onChange(input.checked));
  return element("label", {}, [input, element("span", { text: label })]);
}
