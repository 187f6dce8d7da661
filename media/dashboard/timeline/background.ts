import type { AxisName, FromTimeline, Surroundings, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { BY_STEP, horizontalBy } from "../../charts/horizontal.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { Session } from "../session.ts";
import type { TabHost } from "../tab.ts";
import { createOtherRuns } from "./otherRuns.ts";
import type { OtherRun } from "./otherRuns.ts";
import type { TimelineState } from "./timelineState.ts";

/** What the host works out for the timeline: the baseline, other runs, what the steps can be counted in. */
export interface Background {
  readonly ask: (state: TimelineState) => void;
  /** Says whether the answer is still wanted. */
  readonly receive: (answer: ToTimeline, state: TimelineState) => boolean;
  readonly surroundings: () => Surroundings | undefined;
  readonly axes: () => readonly AxisName[];
  readonly horizontal: (state: TimelineState) => Horizontal;
  readonly others: () => readonly OtherRun[];
  readonly otherSteps: () => StepRange | undefined;
}

export function createBackground(session: Session, host: TabHost<FromTimeline>): Background {
  const others = createOtherRuns(host);
  let surroundings: Surroundings | undefined;
  let horizontal: Horizontal = BY_STEP;
  let horizontalOf = "";
  const current = (): Surroundings | undefined => (surroundings?.runId === session.run?.id ? surroundings : undefined);
  return {
    ask({ axis, others: wanted }) {
      host.post({ kind: "surroundings" });
      if (axis !== "step") {
        host.post({ kind: "axis", name: axis });
      }
      others.ask(wanted.filter((id) => id !== session.run?.id && session.runs.some((run) => run.id === id)));
    },
    receive(answer, { axis }) {
      if (answer.kind === "overlay") {
        others.receive(answer);
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
    others: () => others.all(session.runs),
    otherSteps: others.steps,
  };
}
