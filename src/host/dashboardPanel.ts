import type { Disposable } from "#core/event.ts";
import { fromDashboard } from "#protocol/dashboard.ts";
import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import { answerTab, isTabRequest } from "./dashboard/answers.ts";
import type { TabRequest } from "./dashboard/answers.ts";
import { createDashboardFeed } from "./dashboardFeed.ts";
import type { FeedSources } from "./dashboardFeed.ts";
import { webviewHtml, webviewOptions } from "./webviewPage.ts";

const VIEW_TYPE = "gradlens.dashboard";

export interface DashboardOptions extends FeedSources {
  readonly extensionUri: vscode.Uri;
  /** What the dashboard asks for besides data. */
  readonly onAction: (run: Run | undefined, action: FromDashboard) => void;
}

/** The one dashboard panel: opened by command, restored after a reload. */
export interface Dashboard extends Disposable {
  /** Opens or reveals the panel on a run; on the run it shows, or the first, when none is named. */
  readonly show: (runId?: string) => void;
}

export function createDashboard(options: DashboardOptions): Dashboard {
  let open: OpenDashboard | undefined;

  function attach(panel: vscode.WebviewPanel, runId?: string): void {
    panel.webview.options = webviewOptions(options.extensionUri);
    panel.iconPath = new vscode.ThemeIcon("pulse");
    const attached = attachDashboard(panel, options, runId);
    open = attached;
    panel.onDidDispose(() => {
      attached.dispose();
      open = open === attached ? undefined : open;
    });
    panel.webview.html = webviewHtml(panel.webview, options.extensionUri, "dashboard");
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    deserializeWebviewPanel(panel) {
      attach(panel);
      return Promise.resolve();
    },
  });
  return {
    show(runId) {
      if (open === undefined) {
        attach(vscode.window.createWebviewPanel(VIEW_TYPE, "Gradlens", vscode.ViewColumn.Active), runId);
      } else {
        open.show(runId);
      }
    },
    dispose: () => void serializer.dispose(),
  };
}

interface OpenDashboard extends Disposable {
  readonly show: (runId?: string) => void;
}

function attachDashboard(panel: vscode.WebviewPanel, options: DashboardOptions, runId?: string): OpenDashboard {
  // False only while the page is hidden; it asks for a whole new picture when it is shown again.
  const post = (message: ToDashboard): void => void panel.webview.postMessage(forWebview(message));
  const feed = createDashboardFeed(options, { post, isVisible: () => panel.visible });
  feed.select(runId);
  const received = panel.webview.onDidReceiveMessage((message) => {
    const action = parseMessage(fromDashboard, message);
    if (action?.kind === "ready") {
      feed.start();
    } else if (action?.kind === "selectRun") {
      feed.select(action.id);
    } else if (action !== undefined && isTabRequest(action)) {
      answer(action);
    } else if (action !== undefined) {
      options.onAction(feed.shownRun(), action);
    }
  });
  function answer(request: TabRequest): void {
    const { store, findings } = options;
    const run = feed.shownRun();
    if (run !== undefined) {
      answerTab(request, { run, store, findings, post });
    }
  }

  return {
    show(id) {
      panel.reveal();
      feed.select(id);
    },
    dispose() {
      received.dispose();
      feed.dispose();
    },
  };
}
