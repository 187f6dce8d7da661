import type { FromTimeline, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import { exportTimeline, timelineSection } from "../export/timelineExport.ts";
import { hasNorms } from "../run.ts";
import type { ShownRun } from "../run.ts";
import { describeCharts, describeSteps } from "../sentence.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createBackground } from "./background.ts";
import type { Background } from "./background.ts";
import { createMovement } from "./movement.ts";
import { createParts } from "./parts.ts";
import type { Parts } from "./parts.ts";
import { columnsOf } from "./columns.ts";
import { panelsOf } from "./picture.ts";
import type { TimelinePicture } from "./picture.ts";
import { createRefresher } from "./refresher.ts";
import { createSmoother } from "./smoother.ts";
import type { Smoother } from "./smoother.ts";
import { parseTimelineState } from "./timelineState.ts";
import type { TimelineState } from "./timelineState.ts";

/** The tab "Timeline": what happened when. */
export function createTimeline(session: Session, host: TabHost<FromTimeline>): Tab<ToTimeline> {
  const background = createBackground(session, host);
  const refresher = createRefresher(() => background.ask(timeline.state));
  const movement = createMovement(session, {
    didZoom: () => showRange(timeline),
    redraw: () => parts.charts.drawSoon(),
    moveCursor: (step) => parts.charts.moveCursor(step),
    furtherSteps: () => background.norms().map(({ curve }) => curve.current().steps),
    highlight(finding) {
      session.chosen = finding;
      showNow();
    },
    announce: (finding) => session.say(`${describeSteps(finding)}: ${finding.message}`),
  });
  const parts = createParts(session, { ...movement, setOption });
  const state = parseTimelineState(session.view().tabStates.timeline);
  const timeline: Timeline = { session, background, parts, smoother: createSmoother(), state };
  onDidChangeTheme(parts.charts.restyle);
  return {
    element: parts.element,
    show(run) {
      refresher.refresh(JSON.stringify([run.id, run.furtherNorms]));
      showAll(timeline, run);
    },
    hide: refresher.stop,
    exported(width) {
      const { run, zoom } = session;
      return run && exportTimeline(pictureOf(timeline, run), { ...timeline, range: zoom.shown(), width });
    },
    reported: (paper) => (session.run ? [timelineSection(pictureOf(timeline, session.run), timeline, paper)] : []),
    receive(answer) {
      if (background.receive(answer, timeline.state)) {
        showNow();
      }
    },
  };

  function setOption(change: Partial<TimelineState>): void {
    timeline.state = { ...timeline.state, ...change };
    session.store({ tabStates: { ...session.view().tabStates, timeline: timeline.state } });
    if (change.smoothing === undefined) {
      background.ask(timeline.state);
    }
    showNow();
  }

  function showNow(): void {
    if (session.run !== undefined) {
      showAll(timeline, session.run);
    }
  }
}

interface Timeline {
  readonly session: Session;
  readonly background: Background;
  readonly parts: Parts;
  readonly smoother: Smoother;
  state: TimelineState;
}

/** The charts come first: they are what a watcher waits for. */
function showAll(timeline: Timeline, run: ShownRun): void {
  const { session, background, parts, state, smoother } = timeline;
  session.otherSteps = background.otherSteps();
  session.growZoom(run);
  const picture = pictureOf(timeline, run);
  parts.charts.draw(panelsOf(picture, smoother), columnsOf(picture));
  const others = session.runs.filter(({ id }) => id !== run.id);
  const isEmpty = run.lines.length === 0;
  parts.missing.show(run);
  parts.toolbar.element.hidden = isEmpty;
  parts.options.element.hidden = isEmpty;
  parts.options.show(state, { axes: background.axes(), run, others });
  parts.findings.show({ all: run.findings, chosen: session.chosen, hasNorms: hasNorms(run) });
  parts.tensors.show(run.tensors);
  showPlace(timeline, run);
}

function pictureOf({ session, background, state }: Timeline, run: ShownRun): TimelinePicture {
  const { isSideBySide, smoothing } = state;
  return {
    run,
    chosen: session.chosen,
    surroundings: background.surroundings(),
    horizontal: background.horizontal(state),
    norms: background.norms(),
    others: background.others(),
    isSideBySide,
    smoothing,
  };
}

/** After the user moved: shows where, and remembers it. */
function showRange(timeline: Timeline): void {
  const { run, zoom, store } = timeline.session;
  if (run !== undefined) {
    showPlace(timeline, run);
    store({ runId: run.id, range: zoom.chosen() });
  }
}

function showPlace({ session: { zoom }, background, parts }: Timeline, run: ShownRun): void {
  const { toolbar, strip, charts } = parts;
  const range = zoom.shown();
  toolbar.show({ range, axis: run.axis, isZoomed: zoom.chosen() !== undefined, findings: run.findings.length });
  strip.show(run.checkpoints, range);
  charts.element.setAttribute("aria-label", describeCharts(run, range, background.norms()));
}
