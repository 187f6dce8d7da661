import type { Finding } from "#core/finding.ts";
import type { FromTimeline, ToTimeline } from "#protocol/dashboard/timeline.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import type { ShownRun } from "../run.ts";
import { describeCharts, describeSteps } from "../sentence.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createMovement } from "./movement.ts";
import { createParts } from "./parts.ts";
import type { Parts } from "./parts.ts";

/** The tab "Timeline": what happened when. */
export function createTimeline(session: Session, _host: TabHost<FromTimeline>): Tab<ToTimeline> {
  const movement = createMovement(session, {
    didZoom: () => showRange(session, parts),
    redraw: () => parts.charts.drawSoon(),
    moveCursor: (step) => parts.charts.moveCursor(step),
    highlight: (finding) => highlight(session, parts, finding),
    announce: (finding) => session.say(`${describeSteps(finding)}: ${finding.message}`),
  });
  const parts = createParts(session, movement);
  onDidChangeTheme(parts.charts.restyle);
  return {
    element: parts.element,
    /** The charts come first: they are what a watcher waits for. */
    show(run) {
      parts.charts.draw(run, session.chosen);
      parts.findings.show(run.findings, session.chosen);
      parts.tensors.show(run.tensors);
      showPlace(session, parts, run);
    },
    hide: () => undefined,
    receive: () => undefined,
  };
}

/** After the user moved: shows where, and remembers it. */
function showRange(session: Session, parts: Parts): void {
  const { run, zoom } = session;
  if (run !== undefined) {
    showPlace(session, parts, run);
    session.store({ runId: run.id, range: zoom.chosen() });
  }
}

function showPlace({ zoom }: Session, { toolbar, strip, charts }: Parts, run: ShownRun): void {
  const range = zoom.shown();
  toolbar.show({ range, isZoomed: zoom.chosen() !== undefined, findings: run.findings.length });
  strip.show(run.checkpoints, range);
  charts.element.setAttribute("aria-label", describeCharts(run, range));
}

function highlight(session: Session, { charts, findings }: Parts, finding: Finding): void {
  session.chosen = finding;
  if (session.run !== undefined) {
    charts.draw(session.run, finding);
    findings.show(session.run.findings, finding);
  }
}
