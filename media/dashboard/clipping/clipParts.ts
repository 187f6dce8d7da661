import type { Advice } from "#protocol/dashboard/clipping.ts";
import { element, setText } from "../../shared/element.ts";
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
  const clipActions = createClipActions(actions);
  const candidates = createCandidatesTable(actions.take);
  let model: ClipModel | undefined;
  return {
    element: element("div", { class: "clip-global" }, [
      bar.element,
      facts,
      clipActions.element,
      charts.element,
      candidates.element,
    ]),
    show(newModel, threshold) {
      model = newModel;
      charts.show(model);
      candidates.show(model.advice.candidates);
      move(threshold);
    },
    move,
    say: clipActions.say,
    redraw: charts.redraw,
  };

  function move(threshold: number): void {
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
