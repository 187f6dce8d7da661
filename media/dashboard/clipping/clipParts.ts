import { t } from "@vscode/l10n";
import type { Advice } from "#protocol/dashboard/clipping.ts";
import { BY_STEP } from "../../charts/horizontal.ts";
import { element, setText } from "../../shared/element.ts";
import { createFigure } from "../figure.ts";
import { createStepTable } from "../timeline/stepTable.ts";
import type { StepTablePicture } from "../timeline/stepTable.ts";
import { createCandidatesTable } from "./candidatesTable.ts";
import { createClipActions } from "./clipActions.ts";
import type { ClipActionOptions } from "./clipActions.ts";
import { createClipCharts } from "./clipCharts.ts";
import { measure } from "./clipModel.ts";
import type { ClipModel } from "./clipModel.ts";
import { describeEffect, factsOf } from "./effectFacts.ts";
import { factElement } from "./factElement.ts";
import { createThresholdBar } from "./thresholdBar.ts";

/** The simulator for one threshold. */
export interface ClipParts {
  readonly element: HTMLElement;
  readonly show: (model: ClipModel, threshold: number) => void;
  readonly move: (threshold: number) => void;
  readonly say: (text: string) => void;
  readonly redraw: () => void;
}

export interface ClipPartsActions extends ClipActionOptions {
  readonly take: (threshold: number) => void;
  readonly clipShare: (share: number) => void;
}

export function createClipParts(actions: ClipPartsActions): ClipParts {
  const bar = createThresholdBar({ type: actions.take, clipShare: actions.clipShare });
  const facts = element("dl", { class: "facts" });
  const charts = createClipCharts(actions.take);
  const title = t("Norms and what would have been cut");
  const table = createStepTable(title);
  const figure = createFigure({
    title,
    chart: charts.element,
    table: table.element,
    onDidSwitch: () => showTable(),
  });
  const clipActions = createClipActions(actions);
  const candidates = createCandidatesTable(actions.take);
  let model: ClipModel | undefined;
  let threshold = Number.NaN;
  return {
    element: element("div", { class: "clip-global" }, [
      bar.element,
      facts,
      clipActions.element,
      figure.element,
      candidates.element,
    ]),
    show(newModel, newThreshold) {
      model = newModel;
      charts.show(model);
      candidates.show(model.advice.candidates);
      move(newThreshold);
    },
    move,
    say: clipActions.say,
    redraw: charts.redraw,
  };

  function showTable(): void {
    if (model !== undefined && figure.isTable()) {
      table.show({ ...historyColumns(model, threshold), horizontal: BY_STEP });
    }
  }

  function move(newThreshold: number): void {
    threshold = newThreshold;
    showTable();
    if (model !== undefined) {
      const effect = measure(model, threshold);
      facts.replaceChildren(...factsOf(effect).map(factElement));
      charts.move(threshold, describeEffect(effect));
      bar.show(threshold);
      clipActions.show(threshold);
      candidates.mark(threshold);
    }
  }
}

/** The norms that count, and the coefficient that each would have got. */
function historyColumns({ advice }: ClipModel, threshold: number): Pick<StepTablePicture, "columns" | "range"> {
  const { steps, norms } = advice;
  const coefficients = norms.map((norm) => Math.min(1, threshold / norm));
  return {
    columns: [
      { name: t("Gradient norm"), points: { steps, values: norms } },
      { name: t("Clip coefficient"), points: { steps, values: coefficients } },
    ],
    range: { min: steps[0] ?? 0, max: steps.at(-1) ?? 0 },
  };
}

/** What to keep in mind, and that a replay is no forecast. */
export function createCautions(): { readonly element: HTMLElement; readonly show: (advice: Advice) => void } {
  const list = element("ul", { class: "cautions" });
  const note = element("p", { class: "clip-note" });
  return {
    element: element("div", {}, [list, note]),
    show({ cautions, note: text }) {
      list.replaceChildren(...cautions.map(({ message }) => element("li", { text: message })));
      setText(note, text);
    },
  };
}
