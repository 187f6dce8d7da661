import type { Finding } from "#core/finding.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import { countPoints } from "../charts/segments.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { onDidChangeTheme } from "../shared/theme.ts";
import { inOrderOfSteps, sameFinding } from "./findingCursor.ts";
import type { RunName } from "./header.ts";
import { createMovement } from "./movement.ts";
import { createPage } from "./page.ts";
import type { Page } from "./page.ts";
import { intervalOf, normLine, stepsOf } from "./run.ts";
import type { ShownRun } from "./run.ts";
import { describeCharts, describeProgress, describeSteps } from "./sentence.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session.ts";

/** A run on the page: opened, grown by new samples, or hidden. */
export interface RunView {
  readonly open: (runs: readonly RunName[], run: ShownRun) => void;
  readonly grow: (run: ShownRun) => void;
  readonly hide: () => void;
}

/** A zoom shows at least this many points. */
const NARROWEST_POINTS = 4;

export function createRunView(root: HTMLElement, host: HostLink<FromDashboard>): RunView {
  const session = createSession(host);
  const movement = createMovement(session, {
    didZoom: () => showRange(session, page),
    redraw: () => page.charts.drawSoon(),
    moveCursor: (step) => page.charts.moveCursor(step),
    highlight: (finding) => highlight(session, page, finding),
    announce: (finding) => page.live.say(`${describeSteps(finding)}: ${finding.message}`),
  });
  const page = createPage(session, movement);
  onDidChangeTheme(page.charts.restyle);
  return {
    open(runs, run) {
      root.append(page.element);
      page.header.showRuns(runs, run);
      growZoom(session, run);
      if (session.run?.id !== run.id) {
        const { runId, range } = session.view();
        session.zoom.set(runId === run.id ? range : undefined);
        session.chosen = undefined;
        session.cursor = undefined;
      }
      show(root, session, page, run);
    },
    grow(run) {
      growZoom(session, run);
      show(root, session, page, run);
      page.live.say(describeProgress(run));
    },
    hide: () => page.element.remove(),
  };
}

function growZoom({ zoom }: Session, run: ShownRun): void {
  zoom.grow(stepsOf(run), intervalOf(run) * NARROWEST_POINTS);
}

/** The charts come first: they are what a watcher waits for. */
function show(root: HTMLElement, session: Session, page: Page, newRun: ShownRun): void {
  const run = { ...newRun, findings: inOrderOfSteps(newRun.findings) };
  session.run = run;
  session.chosen = sameFinding(run.findings, session.chosen);
  page.charts.draw(run, session.chosen);
  publish(root, run);
  page.header.showState(run);
  page.findings.show(run.findings, session.chosen);
  page.tensors.show(run.tensors);
  showPlace(session, page, run);
}

/** For tests and for measuring the way from a log's line to the screen. */
function publish(root: HTMLElement, run: ShownRun): void {
  const line = normLine(run);
  root.dataset["lastStep"] = String(line?.curve.current().steps.at(-1) ?? "");
  root.dataset["points"] = String(line === undefined ? 0 : countPoints(line.curve));
  root.dataset["renderedAt"] = String(Date.now());
}

/** After the user moved: shows where, and remembers it. */
function showRange(session: Session, page: Page): void {
  const { run, zoom } = session;
  if (run !== undefined) {
    showPlace(session, page, run);
    session.store({ runId: run.id, range: zoom.chosen() });
  }
}

function showPlace({ zoom }: Session, { toolbar, strip, charts }: Page, run: ShownRun): void {
  const range = zoom.shown();
  toolbar.show({ range, isZoomed: zoom.chosen() !== undefined, findings: run.findings.length });
  strip.show(run.checkpoints, range);
  charts.element.setAttribute("aria-label", describeCharts(run, range));
}

function highlight(session: Session, { charts, findings }: Page, finding: Finding): void {
  session.chosen = finding;
  if (session.run !== undefined) {
    charts.draw(session.run, finding);
    findings.show(session.run.findings, finding);
  }
}
