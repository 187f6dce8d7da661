import { roundThreshold } from "#core/clipping/roundThreshold.ts";
import type { FromClipping, ToClipping } from "#protocol/dashboard/clipping.ts";
import { normLine } from "../run.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createAdviceQuestions } from "./adviceQuestions.ts";
import { thresholdClipping } from "./clipModel.ts";
import { parseClipState } from "./clipState.ts";
import type { ClipState } from "./clipState.ts";
import { createClipView } from "./clipView.ts";

/** The tab "Clipping": what a threshold would have done to the recorded run, and what to do with it. */
export function createClipping(session: Session, host: TabHost<FromClipping>): Tab<ToClipping> {
  let state = parseClipState(session.view().tabStates.clipping);
  const questions = createAdviceQuestions(host, () => state);
  const view = createClipView(state, {
    framework: state.framework,
    onDidChooseFramework: (framework) => keep({ framework }),
    take: (threshold) => take(roundThreshold(threshold, 3)),
    clipShare(share) {
      const model = view.model();
      take(model && thresholdClipping(model, share));
    },
    apply: (threshold) => host.post({ kind: "apply", threshold }),
    copy: (text) => session.host.post({ kind: "copy", text }),
    scalePlan: questions.scalePlan,
    choose(change) {
      keep("norm" in change ? { ...change, threshold: undefined } : change);
      view.arrange(state);
      if (change.isPerTensor === undefined) {
        questions.advise();
      }
    },
  });
  return {
    element: view.element,
    show(run) {
      if (run.id !== state.runId) {
        keep({ runId: run.id, threshold: undefined, norm: undefined });
      }
      view.showNorms(run, state);
      questions.follow(run.id, normLine(run)?.curve.current().steps.length ?? 0);
    },
    hide: questions.stop,
    receive,
    exported: (width) => view.exported(state, { run: session.run?.name ?? "", width }),
  };

  function receive(answer: ToClipping): void {
    if (answer.kind === "applied") {
      view.say(answer.text);
    } else if (answer.kind === "advice") {
      questions.answered();
      if (answer.runId === session.run?.id) {
        view.show(answer, state); // Else another run was chosen meanwhile, and its advice is on the way.
      }
    } else if (questions.planAnswered(answer.id)) {
      view.showPlan(answer.plan);
    }
  }

  function take(threshold: number | undefined): void {
    if (threshold !== undefined) {
      keep({ threshold });
      view.move(threshold);
    }
  }

  function keep(change: Partial<ClipState>): void {
    state = { ...state, ...change };
    session.store({ tabStates: { ...session.view().tabStates, clipping: state } });
  }
}
