import type { Finding } from "#core/finding.ts";
import { lowerBound } from "../../charts/column.ts";
import type { Reading } from "../../charts/readout.ts";
import { around } from "../../charts/viewport.ts";
import { findingNear, neighbourOf } from "../findingCursor.ts";
import type { TimelineActions } from "./parts.ts";
import { intervalOf, normLine } from "../run.ts";
import type { Session } from "../session.ts";

/** What a movement asks of the view. */
export interface MovementEffects {
  /** The steps on screen changed. */
  readonly didZoom: () => void;
  readonly redraw: () => void;
  readonly moveCursor: (step: number) => void;
  /** Steps of the norms that are drawn beside the main one. */
  readonly furtherSteps: () => readonly Float64Array[];
  readonly highlight: (finding: Finding) => void;
  readonly announce: (finding: Finding) => void;
}

/** A finding is shown with at least this many points around it. */
const POINTS_AROUND_FINDING = 60;

/** Moving through a run, by pointer, buttons and keys alike. */
export function createMovement(session: Session, effects: MovementEffects): Omit<TimelineActions, "setOption"> {
  const { zoom, host } = session;
  return {
    pan: (share) => redrawAfter(zoom.pan(share)),
    zoom: (factor) => redrawAfter(zoom.zoom(middleOf(session), factor)),
    reset: () => redrawAfter(zoom.set(undefined)),
    nextFinding: () => goToFinding(1),
    previousFinding: () => goToFinding(-1),
    stepCursor,
    reveal: () => revealStep(session.cursor),
    didZoom: effects.didZoom,
    click,
    choose,
    menuContext: ({ step }, reach) => menuContextOf(session, step, reach),
  };

  function redrawAfter(didChange: boolean): void {
    if (didChange) {
      effects.redraw();
      effects.didZoom();
    }
  }

  function goToFinding(direction: 1 | -1): void {
    const from = { chosen: session.chosen, step: zoom.shown().min };
    const next = neighbourOf(session.run?.findings ?? [], direction, from);
    if (next !== undefined) {
      choose(next);
    }
  }

  function choose(finding: Finding): void {
    if (session.run !== undefined) {
      const end = finding.end ?? Math.max(finding.peak, finding.start);
      zoom.set(around(finding.start, end, intervalOf(session.run) * POINTS_AROUND_FINDING));
      session.cursor = finding.peak; // Other tabs look at the step that was looked at here.
      effects.highlight(finding);
      effects.didZoom();
      effects.announce(finding);
    }
  }

  function click(reading: Reading, reach: number): void {
    const near = findingNear(session.run?.findings ?? [], reading.step, reach);
    session.cursor = near?.peak ?? reading.step;
    if (near !== undefined) {
      effects.highlight(near);
    }
    revealStep(session.cursor);
  }

  function stepCursor(direction: 1 | -1): void {
    session.cursor = neighbourStep(session, effects.furtherSteps(), direction) ?? session.cursor;
    if (session.cursor !== undefined) {
      effects.moveCursor(session.cursor);
    }
  }

  function revealStep(step: number | undefined): void {
    if (step !== undefined) {
      host.post({ kind: "revealStep", step });
    }
  }
}

/** What the menu of a right click needs to know of the point. */
function menuContextOf({ run }: Session, step: number, reach: number): ReturnType<TimelineActions["menuContext"]> {
  const near = findingNear(run?.findings ?? [], step, reach);
  return {
    runId: run?.id ?? "",
    ...(near !== undefined && { hasFinding: true, rule: near.rule, start: near.start }),
    ...(near !== undefined && near.tensor !== null && { hasTensor: true, tensor: near.tensor }),
  };
}

function middleOf({ zoom }: Session): number {
  return (zoom.shown().min + zoom.shown().max) / 2;
}

/** The next logged step in a direction, from the cursor or else from the middle of the screen. */
function neighbourStep(session: Session, further: readonly Float64Array[], direction: 1 | -1): number | undefined {
  const main = session.run && normLine(session.run)?.curve.current().steps;
  const from = session.cursor ?? middleOf(session);
  const next = [...(main === undefined ? [] : [main]), ...further].flatMap((steps) => nextIn(steps, from, direction));
  if (next.length === 0) {
    return undefined;
  }
  return direction === 1 ? Math.min(...next) : Math.max(...next);
}

function nextIn(steps: Float64Array, from: number, direction: 1 | -1): readonly number[] {
  const index = lowerBound(steps, from);
  const step = direction === -1 ? steps[index - 1] : steps[steps[index] === from ? index + 1 : index];
  return step === undefined ? [] : [step];
}
