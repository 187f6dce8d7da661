// oxlint-disable-next-line import/no-unassigned-import -- It sets the language, before tables of texts are made.
import "./l10n.ts";
import { attachPage } from "./checkpoint/checkpointPage.ts";
import { createDashboardPanel } from "./dashboard/dashboardPanel.ts";
import { showReport } from "./report/report.ts";

/** What fills the tabs that people open, as one value: the bundle that the first dashboard, checkpoint or report loads. */
export interface Panels {
  readonly attachCheckpointPage: typeof attachPage;
  readonly createDashboardPanel: typeof createDashboardPanel;
  readonly showReport: typeof showReport;
}

export const panels: Panels = { attachCheckpointPage: attachPage, createDashboardPanel, showReport };
