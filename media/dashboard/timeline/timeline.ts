import type { Finding } from "#core/finding.ts";
import type { FromTimeline, Surroundings, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { BY_STEP, horizontalBy } from "../../charts/horizontal.ts";
import type { Horizontal } from "../../charts/horizontal.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import type { ShownRun } from "../run.ts";
import { describeCharts, describeSteps } from "../sentence.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createMovement } from "./movement.ts";
import { createOtherRuns } from "./otherRuns.ts";
import { createParts } from "./parts.ts";
import { panelsOf } from "./picture.ts";
import { createRefresher } from "./refresher.ts";
import { createSmoother } from "./smoother.ts";
import { parseTimelineState } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** The tab "Timeline": what happened when. */
export function createTimeline(session: Session, host: TabHost<FromTimeline>): Tab<ToTimeline> {
  const others = createOtherRuns(host);
  const refresher = createRefresher(ask);
  const smoother = createSmoother();
  const movement = createMovement(session, {
    didZoom: showRange,
    redraw: () => parts.charts.drawSoon(),
    moveCursor: (step) => parts.charts.moveCursor(step),
    highlight,
    announce: (finding) => session.say(`${describeSteps(finding)}: ${finding.message}`),
  });
  const parts = createParts(session, { ...movement, setOption });
  let state = parseTimelineState(session.view().tabStates.timeline);
  let surroundings: Surroundings | undefined;
  let horizontal: Horizontal = BY_STEP;
  onDidChangeTheme(parts.charts.restyle);
  return {
    element: parts.element,
    show(run) {
      if (surroundings?.runId !== run.id) {
        surroundings = undefined;
        horizontal = BY_STEP;
      }
      refresher.refresh(run.id);
      showAll(run);
    },
    hide: refresher.stop,
    receive,
  };

  /** The charts come first: they are what a watcher waits for. */
  function showAll(run: ShownRun): void {
    session.otherSteps = others.steps();
    session.growZoom(run);
    drawCharts(run);
    const otherRuns = session.runs.filter(({ id }) => id !== run.id);
    parts.options.show(state, { axes: surroundings?.axes ?? [], others: otherRuns });
    parts.findings.show(run.findings, session.chosen);
    parts.tensors.show(run.tensors);
    showPlace(run);
  }

  function drawCharts(run: ShownRun): void {
    const { isSideBySide, smoothing } = state;
    const named = others.all(session.runs);
    const picture = { run, chosen: session.chosen, surroundings, horizontal, others: named, isSideBySide, smoothing };
    parts.charts.draw((range) => panelsOf(picture, range, smoother));
  }

  function ask(): void {
    host.post({ kind: "surroundings" });
    if (state.axis !== "step") {
      host.post({ kind: "axis", name: state.axis });
    }
    others.ask(state.others.filter((id) => id !== session.run?.id && session.runs.some((run) => run.id === id)));
  }

  function receive(answer: ToTimeline): void {
    const { run } = session;
    if (run === undefined) {
      return;
    }
    if (answer.kind === "overlay") {
      others.receive(answer);
    } else if (answer.runId !== run.id) {
      return; // Another run was chosen meanwhile.
    } else if (answer.kind === "surroundings") {
      surroundings = answer;
    } else if (answer.name === state.axis) {
      horizontal = horizontalBy(answer.name, answer);
    }
    showAll(run);
  }

  function setOption(change: Partial<TimelineState>): void {
    state = { ...state, ...change };
    session.store({ tabStates: { ...session.view().tabStates, timeline: state } });
    horizontal = state.axis === horizontal.unit ? horizontal : BY_STEP;
    if (change.smoothing === undefined) {
      ask();
    }
    if (session.run !== undefined) {
      showAll(session.run);
    }
  }

  /** After the user moved: shows where, and remembers it. */
  function showRange(): void {
    const { run, zoom } = session;
    if (run !== undefined) {
      showPlace(run);
      session.store({ runId: run.id, range: zoom.chosen() });
    }
  }

  function showPlace(run: ShownRun): void {
    const { zoom } = session;
    const range = zoom.shown();
    parts.toolbar.show({ range, isZoomed: zoom.chosen() !== undefined, findings: run.findings.length });
    parts.strip.show(run.checkpoints, range);
    parts.charts.element.setAttribute("aria-label", describeCharts(run, range));
  }

  function highlight(finding: Finding): void {
    session.chosen = finding;
    if (session.run !== undefined) {
      drawCharts(session.run);
      parts.findings.show(session.run.findings, finding);
    }
  }
}
