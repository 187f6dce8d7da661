import type { AxisName, FromTimeline, Surroundings, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { BY_STEP, horizontalBy } from "../../charts/horizontal.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { Session } from "../session.ts";
import type { TabHost } from "../tab.ts";
import { chosenNorms } from "./normChoice.ts";
import { createOverlays } from "./overlays.ts";
import type { Overlaid, OverlaidCurve } from "./overlays.ts";
import type { TimelineState } from "./timelineState.ts";

/** A norm beside the main one, and what it is called: a run, or a further norm of this one. */
export type NamedCurve = Pick<OverlaidCurve, "curve" | "off"> & { readonly name: string };

/** What the host works out for the timeline: the baseline, further norms, other runs, what the steps can be counted in. */
export interface Background {
  readonly ask: (state: TimelineState) => void;
  /** Says whether the answer is still wanted. */
  readonly receive: (answer: ToTimeline, state: TimelineState) => boolean;
  readonly surroundings: () => Surroundings | undefined;
  readonly axes: () => readonly AxisName[];
  readonly horizontal: (state: TimelineState) => Horizontal;
  /** Further norms of the run. */
  readonly norms: () => readonly NamedCurve[];
  readonly others: () => readonly NamedCurve[];
  readonly otherSteps: () => StepRange | undefined;
}

export function createBackground(session: Session, host: TabHost<FromTimeline>): Background {
  const overlays = createOverlays(host);
  let surroundings: Surroundings | undefined;
  let horizontal: Horizontal = BY_STEP;
  let horizontalOf = "";
  const current = (): Surroundings | undefined => (surroundings?.runId === session.run?.id ? surroundings : undefined);
  return {
    ask(state) {
      const { axis } = state;
      host.post({ kind: "surroundings" });
      if (axis !== "step") {
        host.post({ kind: "axis", name: axis });
      }
      overlays.ask(overlaidOf(session, state));
    },
    receive(answer, { axis }) {
      if (answer.kind === "overlay") {
        overlays.receive(answer);
      } else if (answer.runId !== session.run?.id) {
        return false; // Another run was chosen meanwhile.
      } else if (answer.kind === "surroundings") {
        surroundings = answer;
      } else if (answer.name === axis) {
        horizontal = horizontalBy(answer.name, answer);
        horizontalOf = answer.runId;
      }
      return true;
    },
    surroundings: current,
    axes: () => current()?.axes ?? [],
    horizontal: ({ axis }) => (axis === horizontal.unit && horizontalOf === session.run?.id ? horizontal : BY_STEP),
    norms: () =>
      overlays
        .all()
        .flatMap(({ runId, norm, curve, off }) =>
          norm === undefined || runId !== session.run?.id ? [] : [{ name: norm, curve, off }],
        ),
    others: () => overlays.all().flatMap((one) => (one.norm === undefined ? [named(one)] : [])),
    otherSteps: overlays.steps,
  };

  function named({ runId, curve, off }: OverlaidCurve): NamedCurve {
    return { name: session.runs.find(({ id }) => id === runId)?.name ?? runId, curve, off };
  }
}

/** The run's further norms come first. */
function overlaidOf({ run, runs }: Session, state: TimelineState): readonly Overlaid[] {
  const others = state.others.filter((id) => id !== run?.id && runs.some((one) => one.id === id));
  const norms =
    run === undefined ? [] : chosenNorms(run, state, others.length).map((norm) => ({ runId: run.id, norm }));
  return [...norms, ...others.map((runId) => ({ runId }))];
}
