import type { FromClipping } from "#protocol/dashboard/clipping.ts";
import type { TabHost } from "../tab.ts";
import type { ClipState } from "./clipState.ts";

/** What the tab asks the host: at most one question of a kind is on the way, and the newest one follows it. */
export interface AdviceQuestions {
  readonly advise: () => void;
  /** Asks anew for another run at once, and for one that has grown after a pause. */
  readonly follow: (runId: string, points: number) => void;
  readonly answered: () => void;
  readonly scalePlan: (method: string, factor: number) => void;
  /** Whether the answer is the one that was waited for. */
  readonly planAnswered: (id: number) => boolean;
  /** The tab is left; when it is opened again it asks anew. */
  readonly stop: () => void;
}

/** Advice on a run that grows is as steady as the run is long. */
const PAUSE_MS = 2000;
const ALL_NORMS = 1_000_000_000;

export function createAdviceQuestions(host: TabHost<FromClipping>, state: () => ClipState): AdviceQuestions {
  let asked: { readonly runId: string; readonly points: number } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let planId = 0;
  let isPlanAwaited = false;
  let nextPlan: { readonly method: string; readonly factor: number } | undefined;
  const choice = (): { norm?: string; last: number | null; withWarmUp: boolean } => {
    const { norm, withAll, withWarmUp } = state();
    return { ...(norm !== undefined && { norm }), last: withAll ? ALL_NORMS : null, withWarmUp };
  };
  const advise = (): void => {
    stop();
    host.post({ kind: "advise", ...choice() });
  };
  return {
    advise,
    follow(runId, points) {
      const isOther = asked?.runId !== runId;
      if (isOther || asked?.points !== points) {
        asked = { runId, points };
        if (isOther) {
          advise();
        } else {
          timer ??= setTimeout(advise, PAUSE_MS);
        }
      }
    },
    answered() {
      planId += 1; // A plan that is still on the way belongs to the advice before.
      isPlanAwaited = false;
    },
    scalePlan(method, factor) {
      nextPlan = { method, factor };
      askPlan();
    },
    planAnswered(id) {
      isPlanAwaited = false;
      askPlan();
      return id === planId;
    },
    stop() {
      stop();
      asked = undefined;
    },
  };

  function askPlan(): void {
    if (nextPlan !== undefined && !isPlanAwaited) {
      isPlanAwaited = true;
      planId += 1;
      host.post({ kind: "scalePlan", id: planId, ...nextPlan, ...choice() });
      nextPlan = undefined;
    }
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }
}
