import type { Advice, TensorPlan } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import type { Exported } from "../export/exported.ts";
import { exportClipping } from "./clipExport.ts";
import { createClipModel } from "./clipModel.ts";
import type { ClipModel } from "./clipModel.ts";
import { createCautions, createClipParts } from "./clipParts.ts";
import type { ClipPartsActions } from "./clipParts.ts";
import type { ClipState, HeadChoices } from "./clipState.ts";
import { createHistoryControls } from "./historyControls.ts";
import { createNormSelect } from "./normSelect.ts";
import type { NormSelect } from "./normSelect.ts";
import { exportPlan } from "./planExport.ts";
import { createTensorPanel } from "./tensorPanel.ts";
import { countingNorms } from "./countingNorms.ts";

/** All that the tab shows: the simulator, or the limits per tensor, or why there is neither. */
export interface ClipView {
  readonly element: HTMLElement;
  readonly show: (advice: Advice, state: ClipState) => void;
  /** Which norms of the run there are, and which one is chosen. */
  readonly showNorms: NormSelect["show"];
  readonly showPlan: (plan: TensorPlan) => void;
  readonly move: (threshold: number) => void;
  /** One threshold or one per tensor, as the state says. */
  readonly arrange: (state: ClipState) => void;
  readonly say: (text: string) => void;
  readonly model: () => ClipModel | undefined;
  readonly exported: (
    state: ClipState,
    where: { readonly run: string; readonly width: number },
  ) => Exported | undefined;
}

export interface ClipViewActions extends ClipPartsActions {
  readonly scalePlan: (method: string, factor: number) => void;
  readonly choose: (change: Partial<HeadChoices>) => void;
}

export function createClipView(first: ClipState, actions: ClipViewActions): ClipView {
  let model: ClipModel | undefined;
  const message = element("p", { class: "clip-message", attributes: { role: "status" } });
  const cautions = createCautions();
  const tensors = createTensorPanel(actions.scalePlan);
  const parts = createClipParts(actions);
  const norms = createNormSelect((norm) => actions.choose({ norm }));
  const history = createHistoryControls(first, actions.choose);
  const head = element("div", { class: "clip-head" }, [
    message,
    element("div", { class: "clip-choices" }, [norms.element, history]),
  ]);
  const whole = element("div", { class: "clipping" }, [head, parts.element, tensors.element, cautions.element]);
  onDidChangeTheme(() => {
    parts.redraw();
    tensors.redraw();
  });
  arrange(first);
  return {
    element: whole,
    show,
    showNorms: norms.show,
    showPlan: tensors.showPlan,
    move: parts.move,
    arrange,
    say: parts.say,
    model: () => model,
    exported({ isPerTensor, threshold }, where) {
      const plan = tensors.shown();
      if (isPerTensor) {
        return plan && exportPlan(plan, where);
      }
      return model && exportClipping(model, threshold ?? model.start, where);
    },
  };

  function show(advice: Advice, state: ClipState): void {
    model = advice.refused === null ? createClipModel(advice) : undefined;
    const known = countingNorms(advice);
    setText(message, advice.refused === null ? known : t("No advice: {0}", advice.refused));
    cautions.show(advice);
    tensors.show(advice.tensors);
    if (model !== undefined) {
      parts.show(model, state.threshold ?? model.start);
    }
    arrange(state);
  }

  function arrange({ isPerTensor }: ClipState): void {
    parts.element.hidden = model === undefined || isPerTensor;
    tensors.element.hidden = model === undefined || !isPerTensor;
    cautions.element.hidden = model === undefined;
  }
}
