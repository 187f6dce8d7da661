import type { Advice, FromClipping, ToClipping } from "#protocol/dashboard/clipping.ts";
import { element, setText } from "../../shared/element.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import { normLine } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { plural } from "../sentence.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import type { Exported } from "../export/exported.ts";
import { createAdviceQuestions } from "./adviceQuestions.ts";
import { exportClipping } from "./clipExport.ts";
import { createClipModel, roundThreshold, thresholdClipping } from "./clipModel.ts";
import type { ClipModel } from "./clipModel.ts";
import { createCautions, createClipParts } from "./clipParts.ts";
import { parseClipState } from "./clipState.ts";
import type { ClipState } from "./clipState.ts";
import { createHistoryControls } from "./historyControls.ts";
import { exportPlan } from "./planExport.ts";
import { createTensorPanel } from "./tensorPanel.ts";

/** The tab "Clipping": what a threshold would have done to the recorded run, and what to do with it. */
export function createClipping(session: Session, host: TabHost<FromClipping>): Tab<ToClipping> {
  let state = parseClipState(session.view().tabStates.clipping);
  let model: ClipModel | undefined;
  const questions = createAdviceQuestions(host, () => state);
  const message = element("p", { class: "clip-message", attributes: { role: "status" } });
  const cautions = createCautions();
  const tensors = createTensorPanel(questions.scalePlan);
  const controls = createHistoryControls(state, (change) => {
    keep(change);
    arrange();
    if (change.isPerTensor === undefined) {
      questions.advise();
    }
  });
  const parts = createClipParts({
    framework: state.framework,
    onDidChooseFramework: (framework) => keep({ framework }),
    take: (threshold) => take(roundThreshold(threshold)),
    clipShare(share) {
      const threshold = model && thresholdClipping(model, share);
      if (threshold !== undefined) {
        take(threshold);
      }
    },
    apply: (threshold) => host.post({ kind: "apply", threshold }),
    copy: (text) => session.host.post({ kind: "copy", text }),
  });
  const whole = element("div", { class: "clipping" }, [
    element("div", { class: "clip-head" }, [message, controls]),
    parts.element,
    tensors.element,
    cautions.element,
  ]);
  onDidChangeTheme(() => {
    parts.redraw();
    tensors.redraw();
  });
  arrange();
  return { element: whole, show, hide: questions.stop, receive, exported };

  function exported(width: number): Exported | undefined {
    const run = session.run?.name ?? "";
    const plan = tensors.shown();
    if (state.isPerTensor) {
      return plan && exportPlan(plan, { run, width });
    }
    return model && exportClipping(model, state.threshold ?? model.start, { run, width });
  }

  function show(run: ShownRun): void {
    if (run.id !== state.runId) {
      keep({ runId: run.id, threshold: undefined });
    }
    questions.follow(run.id, normLine(run)?.curve.current().steps.length ?? 0);
  }

  function receive(answer: ToClipping): void {
    switch (answer.kind) {
      case "advice":
        questions.answered();
        showAdvice(answer);
        return;
      case "tensorPlan":
        if (questions.planAnswered(answer.id)) {
          tensors.showPlan(answer.plan);
        }
        return;
      case "applied":
        parts.say(answer.text);
        return;
    }
  }

  function showAdvice(advice: Advice): void {
    if (advice.runId !== session.run?.id) {
      return; // Another run was chosen meanwhile, and its advice is on the way.
    }
    model = advice.refused === null ? createClipModel(advice) : undefined;
    const known = `${plural(advice.norms.length, "norm")} count${advice.leftOut}.`;
    setText(message, advice.refused === null ? known : `No advice: ${advice.refused}`);
    cautions.show(advice);
    tensors.show(advice.tensors);
    if (model !== undefined) {
      parts.show(model, state.threshold ?? model.start);
    }
    arrange();
  }

  function take(threshold: number): void {
    keep({ threshold });
    parts.move(threshold);
  }

  function keep(change: Partial<ClipState>): void {
    state = { ...state, ...change };
    session.store({ tabStates: { ...session.view().tabStates, clipping: state } });
  }

  function arrange(): void {
    parts.element.hidden = model === undefined || state.isPerTensor;
    tensors.element.hidden = model === undefined || !state.isPerTensor;
    cautions.element.hidden = model === undefined;
  }
}
