import type { Axis } from "#core/series.ts";
import { stepName } from "#l10n/stepName.ts";
import type { ToTensors } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import { createDepthChart, MOST_PROFILES } from "./depthChart.ts";
import { createFigure } from "../figure.ts";
import type { Layers } from "./layers.ts";
import { createMoversTable } from "./moversTable.ts";
import { profileTable } from "./profileTable.ts";

type AtStep = Extract<ToTensors, { kind: "atStep" }>;

/** What is told of the cursor's step: the tensors behind it, and how gradients change with depth. */
export interface StepPart {
  readonly movers: HTMLElement;
  readonly depth: HTMLElement;
  readonly show: (answer: AtStep) => void;
  readonly draw: () => void;
  readonly shown: () => AtStep | undefined;
  readonly clear: () => void;
}

export interface StepActions {
  readonly choose: (tensor: string) => void;
  readonly goTo: (step: number) => void;
}

export function createStepPart(layers: Layers, { choose, goTo }: StepActions): StepPart {
  const movers = createMoversTable(choose);
  const chart = createDepthChart();
  const table = element("div", { class: "table-scroller" });
  const slider = element("input", { class: "step-slider", attributes: { type: "range", "aria-label": t("Step") } });
  const note = element("p", { class: "quiet-text" });
  const holder = element("div", { class: "depth-chart" }, [chart.element]);
  const figure = createFigure({
    title: t("Gradient by depth"),
    chart: holder,
    table: element("div"),
    controls: [slider],
    onDidSwitch: () => draw(),
  });
  figure.element.append(note, table);
  slider.addEventListener("input", () => goTo(Number(slider.value)));
  let shown: AtStep | undefined;
  return {
    movers: movers.element,
    depth: figure.element,
    show,
    draw,
    shown: () => shown,
    clear: () => (shown = undefined),
  };

  function show(answer: AtStep): void {
    const profiles = answer.depth.profiles.toSorted((a, b) => Math.abs(b.decades) - Math.abs(a.decades));
    shown = { ...answer, depth: { ...answer.depth, profiles } };
    movers.show(answer.movers, stepName(answer.step, layers.session.run?.axis));
    table.replaceChildren(profileTable(profiles));
    draw();
  }

  function draw(): void {
    const { extent, theme } = layers;
    if (shown === undefined || extent === undefined) {
      return;
    }
    const { profiles } = shown.depth;
    slider.min = String(extent.steps.min);
    slider.max = String(extent.steps.max);
    slider.step = String(extent.interval);
    slider.value = String(shown.step);
    const hasProfiles = profiles.length > 0;
    const text = hasProfiles
      ? describeProfiles(shown, layers.session.run?.axis)
      : t("Too few blocks: this needs seven or more that are alike.");
    setText(note, text);
    figure.describe(text);
    figure.element.classList.toggle("is-empty", !hasProfiles);
    table.hidden = !hasProfiles;
    holder.hidden = !hasProfiles || figure.isTable();
    if (!holder.hidden && holder.clientWidth > 0) {
      chart.draw({ profiles: profiles.slice(0, MOST_PROFILES), width: holder.clientWidth, theme });
    }
  }
}

function describeProfiles({ step, depth: { profiles, isRms } }: AtStep, axis: Axis | undefined): string {
  const place = stepName(step, axis);
  return isRms
    ? t("Root mean square of the gradient, median of the 50 points up to {0}. {1}", place, describeSteepest(profiles))
    : t(
        "Norm of the gradient, median of the 50 points up to {0}. {1} Compare only blocks of one shape: no checkpoint has told how many elements they have.",
        place,
        describeSteepest(profiles),
      );
}

function describeSteepest(profiles: AtStep["depth"]["profiles"]): string {
  const [steepest] = profiles;
  return steepest === undefined
    ? ""
    : t(
        "Steepest: {0}, ×{1} per block, {2} decades in all.",
        steepest.pattern,
        Number(Math.exp(steepest.lambda).toPrecision(3)),
        steepest.decades.toFixed(1),
      );
}
