import type { FromDashboard } from "#protocol/dashboard.ts";
import { countPoints } from "../charts/segments.ts";
import { element } from "../shared/element.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { createLiveRegion } from "../shared/liveRegion.ts";
import { createExports } from "./export/exports.ts";
import { inOrderOfSteps, sameFinding } from "./findingCursor.ts";
import { createHeader } from "./header.ts";
import type { RunName } from "./header.ts";
import { createMountedTabs } from "./mountedTabs.ts";
import type { ToTab } from "./mountedTabs.ts";
import { normLine } from "./run.ts";
import type { ShownRun } from "./run.ts";
import { describeProgress } from "./sentence.ts";
import { createSession } from "./session.ts";
import type { Session } from "./session.ts";

/** A run on the page: opened, grown by new samples, or hidden. */
export interface RunView {
  readonly open: (runs: readonly RunName[], run: ShownRun) => void;
  readonly grow: (run: ShownRun) => void;
  readonly hide: () => void;
  readonly focusTensor: (tensor: string) => void;
  readonly receive: (message: ToTab) => void;
}

export function createRunView(root: HTMLElement, host: HostLink<FromDashboard>): RunView {
  const live = createLiveRegion();
  const session = createSession(host, { say: live.say, openTab: (id) => tabs.open(id) });
  const tabs = createMountedTabs(session);
  const header = createHeader((id) => host.post({ kind: "selectRun", id }));
  const exports = createExports(session, tabs);
  const tabRow = element("div", { class: "tab-row" }, [tabs.bar.list, exports.element]);
  const main = element("main", {}, [header.element, tabRow, ...tabs.bar.panels, live.element]);
  return {
    open(runs, run) {
      root.append(main);
      session.runs = runs;
      header.showRuns(runs, run);
      if (session.run?.id === run.id) {
        session.growZoom(run);
      } else {
        turnTo(session, run);
      }
      show(run);
    },
    grow(run) {
      session.growZoom(run);
      show(run);
      live.say(describeProgress(run));
    },
    hide() {
      tabs.hide();
      main.remove();
    },
    focusTensor(tensor) {
      session.wantedTensor = tensor;
      tabs.open("tensors");
    },
    receive(message) {
      exports.receive(message);
      tabs.receive(message);
    },
  };

  /** The open tab comes first: it is what a watcher waits for. */
  function show(newRun: ShownRun): void {
    const run = { ...newRun, findings: inOrderOfSteps(newRun.findings) };
    session.run = run;
    session.chosen = sameFinding(run.findings, session.chosen);
    tabs.show(run);
    publish(root, run);
    header.showState(run);
  }
}

/** Another run is shown as it was left. */
function turnTo(session: Session, run: ShownRun): void {
  const { runId, range } = session.view();
  session.tensorSteps = undefined;
  session.growZoom(run);
  session.zoom.set(runId === run.id ? range : undefined);
  session.chosen = undefined;
  session.cursor = undefined;
}

/** For tests and for measuring the way from a log's line to the screen. */
function publish(root: HTMLElement, run: ShownRun): void {
  const line = normLine(run);
  root.dataset["lastStep"] = String(line?.curve.current().steps.at(-1) ?? "");
  root.dataset["points"] = String(line === undefined ? 0 : countPoints(line.curve));
  root.dataset["renderedAt"] = String(Date.now());
}
