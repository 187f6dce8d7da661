import type { Disposable } from "#core/event.ts";
import * as vscode from "vscode";
import { loadPanels } from "../loadPanels.ts";
import { clipAdviser } from "./clipAdvice.ts";
import type { FeedSources } from "./dashboardFeed.ts";
import type { DashboardPanel } from "./dashboardPanel.ts";
import { DASHBOARD_VIEW } from "./dashboardView.ts";

/** The one dashboard panel: opened by command, restored after a reload. What fills it is loaded then. */
export interface Dashboard extends Disposable {
  /**
   * Opens or reveals the panel on a run; on the run it shows, or the first, when none is named. With one of the run's tensors
   * it opens the tab "Tensors" on it.
   */
  readonly show: (runId?: string, tensor?: string) => Promise<void>;
}

export interface DashboardSources extends FeedSources {
  readonly extensionUri: vscode.Uri;
}

export function createDashboard(sources: DashboardSources): Dashboard {
  let loading: Promise<DashboardPanel> | undefined;

  async function load(): Promise<DashboardPanel> {
    const { createDashboardPanel } = await loadPanels();
    return createDashboardPanel({ ...sources, clipAdviser });
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW, {
    async deserializeWebviewPanel(panel) {
      let isClosed = false;
      panel.onDidDispose(() => {
        isClosed = true;
      });
      const dashboard = await (loading ??= load());
      if (!isClosed) {
        dashboard.attach(panel);
      }
    },
  });
  return {
    async show(runId, tensor) {
      const dashboard = await (loading ??= load());
      dashboard.show(runId, tensor);
    },
    dispose: () => void serializer.dispose(),
  };
}
