import { t } from "@vscode/l10n";
import type { Finding } from "#core/finding.ts";
import type { Reading } from "../../charts/readout.ts";
import { element } from "../../shared/element.ts";
import { createCheckpointStrip } from "../checkpointStrip.ts";
import type { CheckpointStrip } from "../checkpointStrip.ts";
import { createFindingsList } from "../findings/findingsList.ts";
import type { FindingsList } from "../findings/findingsList.ts";
import type { Session } from "../session.ts";
import { createTensorsTable } from "../tensorsTable.ts";
import type { TensorsTable } from "../tensorsTable.ts";
import { createCharts } from "./charts.ts";
import type { Charts, ChartsOptions } from "./charts.ts";
import { attachKeys } from "./keys.ts";
import type { KeyActions } from "./keys.ts";
import { createMissing } from "./missing.ts";
import type { Missing } from "./missing.ts";
import { createOptions } from "./options.ts";
import type { Options } from "./options.ts";
import type { TimelineState } from "./timelineState.ts";
import { createToolbar, KEYS_HELP_ID } from "./toolbar.ts";
import type { Toolbar } from "./toolbar.ts";

/** The parts of the timeline and where they stand. */
export interface Parts {
  readonly element: HTMLElement;
  readonly toolbar: Toolbar;
  readonly options: Options;
  readonly charts: Charts;
  readonly missing: Missing;
  readonly strip: CheckpointStrip;
  readonly findings: FindingsList;
  readonly tensors: TensorsTable;
}

export interface TimelineActions extends KeyActions {
  readonly didZoom: () => void;
  readonly click: (reading: Reading, reach: number) => void;
  readonly choose: (finding: Finding) => void;
  readonly menuContext: ChartsOptions["menuContext"];
  readonly setOption: (change: Partial<TimelineState>) => void;
}

export function createParts({ host, zoom, view, store }: Session, actions: TimelineActions): Parts {
  const { didZoom, click, menuContext } = actions;
  const charts = createCharts({ title: t("Charts"), zoom, onDidZoom: didZoom, onDidClick: click, menuContext });
  const options = createOptions(actions.setOption);
  const toolbar = createToolbar(actions, charts.toggle);
  const strip = createCheckpointStrip((path) => host.post({ kind: "inspectCheckpoint", path }));
  const findings = createFindingsList({
    filter: view().findings,
    onDidFilter: (filter) => store({ findings: filter }),
    onDidChoose: actions.choose,
    post: host.post,
  });
  const tensors = createTensorsTable({
    ...view(),
    onDidFilter: (filter) => store({ filter }),
    onDidSort: (order) => store({ order }),
  });
  charts.element.setAttribute("aria-describedby", KEYS_HELP_ID);
  attachKeys(charts.element, actions);
  const { element: panels, table } = charts;
  const missing = createMissing(host.post);
  const bars = [toolbar.element, options.element];
  const plots = element("div", { class: "plots" }, [missing.element, ...bars, panels, table, strip.element]);
  const middle = element("div", { class: "middle" }, [plots, findings.element]);
  const timeline = element("div", { class: "timeline" }, [middle, tensors.element]);
  return { element: timeline, toolbar, options, charts, missing, strip, findings, tensors };
}
