import { formatNumber } from "#core/format.ts";
import { percent } from "#l10n/format.ts";
import type { TensorPlan, TensorPlans } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { createDataTable } from "../../shared/dataTable.ts";
import type { TableColumn } from "../../shared/dataTable.ts";
import { element, setText } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";
import { factElement } from "./factElement.ts";
import type { Fact } from "./effectFacts.ts";
import { createTensorChart } from "./tensorChart.ts";

/** A limit for each tensor: which plan, how tight, and how far it turns the gradient. */
export interface TensorPanel {
  readonly element: HTMLElement;
  /** Null where the log has no norms of tensors that count. */
  readonly show: (plans: TensorPlans | null) => void;
  /** The plan at the chosen factor. */
  readonly showPlan: (plan: TensorPlan) => void;
  readonly redraw: () => void;
  /** What is on screen; undefined where there is nothing. */
  readonly shown: () => { readonly plans: TensorPlans; readonly plan: TensorPlan } | undefined;
}

interface Limit {
  readonly name: string;
  readonly limit: number;
  readonly clippedShare: number;
}

// The slider goes from an eighth to eight times the limits of the plan, in steps of 5 %.
const [OCTAVES, STEPS_PER_OCTAVE] = [3, 16];

const FIRST_ORDER = { column: "clippedShare", descending: true };

export function createTensorPanel(onDidAsk: (method: string, factor: number) => void): TensorPanel {
  const { picker, slider, times, element: controls } = createPlanControls();
  const reason = element("p", { class: "quiet-text" });
  const facts = element("dl", { class: "facts" });
  const chart = createTensorChart();
  const label = t("Limit of each tensor");
  const table = createDataTable({ label, columns: COLUMNS, order: FIRST_ORDER, onDidSort: () => undefined });
  const none = element("p", { text: NO_TENSORS });
  const content = element("div", { class: "tensor-clipping" }, [controls, reason, facts, chart.element, table.element]);
  let plans: TensorPlans | null = null;
  let shownPlan: TensorPlan | undefined;
  picker.addEventListener("change", () => reset());
  slider.addEventListener("input", () => ask());
  return {
    element: element("div", {}, [none, content]),
    show,
    showPlan,
    redraw: chart.redraw,
    shown: () => (plans === null || shownPlan === undefined ? undefined : { plans, plan: shownPlan }),
  };

  function show(newPlans: TensorPlans | null): void {
    plans = newPlans;
    none.hidden = plans !== null;
    content.hidden = plans === null;
    const before = picker.value;
    const methods = plans?.plans.map(({ method }) => method) ?? [];
    picker.replaceChildren(...methods.map((text) => element("option", { text })));
    picker.value = methods.includes(before) ? before : (methods[0] ?? "");
    reset();
  }

  function reset(): void {
    slider.value = "0";
    const plan = plans?.plans.find(({ method }) => method === picker.value);
    if (plan !== undefined) {
      showPlan(plan);
    }
    showFactor();
  }

  function ask(): void {
    showFactor();
    onDidAsk(picker.value, factor());
  }

  function factor(): number {
    return Number((2 ** (Number(slider.value) / STEPS_PER_OCTAVE)).toPrecision(3));
  }

  function showFactor(): void {
    setText(times, `× ${factor()}`);
    slider.setAttribute("aria-valuetext", t("{0} times the limits", factor()));
  }

  function showPlan(plan: TensorPlan): void {
    if (plans === null) {
      return;
    }
    shownPlan = plan;
    setText(reason, plan.reason);
    facts.replaceChildren(...factsOf(plan).map(factElement));
    chart.show(plans, plan);
    table.show(limitsOf(plans, plan));
  }
}

function createPlanControls() {
  const picker = element("select", { attributes: { "aria-label": t("Limits") } });
  const end = String(OCTAVES * STEPS_PER_OCTAVE);
  const slider = element("input", {
    attributes: { type: "range", min: `-${end}`, max: end, step: "1", "aria-label": t("All limits times") },
  });
  const times = element("output", { class: "clip-factor" });
  return { picker, slider, times, element: element("div", { class: "threshold-bar" }, [picker, slider, times]) };
}

function limitsOf({ names }: TensorPlans, { limits, clippedShares }: TensorPlan): readonly Limit[] {
  return names.map((name, index) => ({
    name,
    limit: limits[index] ?? Infinity,
    clippedShare: clippedShares[index] ?? 0,
  }));
}

const NO_TENSORS = t(
  "No limits per tensor: the log has no norms of tensors at the steps that count, or is from after clipping.",
);

function factsOf({ cosine, lowestCosine, clippedShare, retainedLength }: TensorPlan): readonly Fact[] {
  return [
    {
      label: t("Cosine"),
      value: cosine.toFixed(4),
      title: t("Of the clipped gradient with the gradient, at the median step"),
    },
    {
      label: t("Lowest cosine"),
      value: lowestCosine.toFixed(4),
      title: t("The same at the worst step; 1 keeps the direction"),
    },
    { label: t("Norms cut"), value: percent(clippedShare), title: t("Part of all tensors × steps") },
    { label: t("Length kept"), value: percent(retainedLength), title: t("Σ of the global norm after / Σ before") },
  ];
}

const COLUMNS: readonly TableColumn<Limit>[] = [
  {
    id: "name",
    label: t("Tensor"),
    title: t("Name as the log spells it"),
    align: "left",
    valueOf: ({ name }) => name,
    cell: ({ name }) => nameByItsEnd(name),
  },
  {
    id: "limit",
    label: t("Limit"),
    title: t("Largest norm that is left as it is"),
    align: "right",
    valueOf: ({ limit }) => limit,
    cell: ({ limit }) => formatNumber(limit),
  },
  {
    id: "clippedShare",
    label: t("Clipped"),
    title: t("Part of the steps at which this tensor is cut"),
    align: "right",
    valueOf: ({ clippedShare }) => clippedShare,
    cell: ({ clippedShare }) => percent(clippedShare),
  },
];
