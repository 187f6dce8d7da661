import type { Finding } from "#core/finding.ts";
import type { Reading } from "../../charts/readout.ts";
import { element } from "../../shared/element.ts";
import { createCheckpointStrip } from "../checkpointStrip.ts";
import type { CheckpointStrip } from "../checkpointStrip.ts";
import { createFindingsList } from "../findingsList.ts";
import type { FindingsList } from "../findingsList.ts";
import type { Session } from "../session.ts";
import { createTensorsTable } from "../tensorsTable.ts";
import type { TensorsTable } from "../tensorsTable.ts";
import { createCharts } from "./charts.ts";
import type { Charts } from "./charts.ts";
import { attachKeys } from "./keys.ts";
import type { KeyActions } from "./keys.ts";
import { createToolbar, KEYS_HELP_ID } from "./toolbar.ts";
import type { Toolbar } from "./toolbar.ts";

/** The parts of the timeline and where they stand. */
export interface Parts {
  readonly element: HTMLElement;
  readonly toolbar: Toolbar;
  readonly charts: Charts;
  readonly strip: CheckpointStrip;
  readonly findings: FindingsList;
  readonly tensors: TensorsTable;
}

export interface TimelineActions extends KeyActions {
  readonly didZoom: () => void;
  readonly click: (reading: Reading, reach: number) => void;
  readonly choose: (finding: Finding) => void;
}

export function createParts({ host, zoom, view, store }: Session, actions: TimelineActions): Parts {
  const charts = createCharts({ zoom, onDidZoom: actions.didZoom, onDidClick: actions.click });
  const toolbar = createToolbar(actions);
  const strip = createCheckpointStrip((path) => host.post({ kind: "inspectCheckpoint", path }));
  const findings = createFindingsList(actions.choose);
  const tensors = createTensorsTable({
    ...view(),
    onDidFilter: (filter) => store({ filter }),
    onDidSort: (order) => store({ order }),
  });
  charts.element.setAttribute("aria-describedby", KEYS_HELP_ID);
  attachKeys(charts.element, actions);
  const plots = element("div", { class: "plots" }, [toolbar.element, charts.element, strip.element]);
  const middle = element("div", { class: "middle" }, [plots, findings.element]);
  const timeline = element("div", { class: "timeline" }, [middle, tensors.element]);
  return { element: timeline, toolbar, charts, strip, findings, tensors };
}
