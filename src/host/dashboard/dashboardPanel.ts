import type { Disposable } from "#core/event.ts";
import { fromDashboard } from "#protocol/dashboard.ts";
import type { ToDashboard } from "#protocol/dashboard.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import * as vscode from "vscode";
import { answerTab, isTabRequest } from "./answers.ts";
import type { TabRequest } from "./answers.ts";
import type { ClipAdviser } from "./clipAdvice.ts";
import { actForDashboard } from "./dashboardActions.ts";
import { createDashboardFeed } from "./dashboardFeed.ts";
import type { FeedSources } from "./dashboardFeed.ts";
import { DASHBOARD_VIEW } from "./dashboardView.ts";
import { webviewHtml, webviewOptions } from "../webviewPage.ts";

export interface DashboardOptions extends FeedSources {
  readonly extensionUri: vscode.Uri;
  readonly clipAdviser: ClipAdviser;
}

/** What fills the one dashboard panel. */
export interface DashboardPanel {
  /** Opens or reveals the panel, as the dashboard does. */
  readonly show: (runId?: string, tensor?: string) => void;
  /** Fills a panel that VS Code has opened. */
  readonly attach: (panel: vscode.WebviewPanel) => void;
}

export function createDashboardPanel(options: DashboardOptions): DashboardPanel {
  let open: OpenDashboard | undefined;

  function attach(panel: vscode.WebviewPanel): OpenDashboard {
    panel.webview.options = webviewOptions(options.extensionUri);
    panel.iconPath = new vscode.ThemeIcon("pulse");
    const attached = attachDashboard(panel, options);
    open = attached;
    panel.onDidDispose(() => {
      attached.dispose();
      open = open === attached ? undefined : open;
    });
    panel.webview.html = webviewHtml(panel.webview, options.extensionUri, "dashboard");
    return attached;
  }

  return {
    show(runId, tensor) {
      open ??= attach(vscode.window.createWebviewPanel(DASHBOARD_VIEW, "Gradlens", vscode.ViewColumn.Active));
      open.show(runId, tensor);
    },
    attach: (panel) => void attach(panel),
  };
}

interface OpenDashboard extends Disposable {
  readonly show: DashboardPanel["show"];
}

function attachDashboard(panel: vscode.WebviewPanel, options: DashboardOptions): OpenDashboard {
  // False only while the page is hidden; it asks for a whole new picture when it is shown again.
  const post = (message: ToDashboard): void => void panel.webview.postMessage(forWebview(message));
  const feed = createDashboardFeed(options, { post, isVisible: () => panel.visible });
  let isReady = false;
  let wanted: string | undefined;
  const received = panel.webview.onDidReceiveMessage((message) => {
    const action = parseMessage(fromDashboard, message);
    if (action?.kind === "ready") {
      isReady = true;
      feed.start();
      focus();
    } else if (action?.kind === "selectRun") {
      feed.select(action.id);
    } else if (action !== undefined && isTabRequest(action)) {
      answer(action);
    } else if (action !== undefined) {
      void actForDashboard(feed.shownRun(), action).then(undefined, (error: unknown) =>
        vscode.window.showErrorMessage(String(error)),
      );
    }
  });
  // A hidden page is thrown away, and says that it is ready when it is made anew.
  const hidden = panel.onDidChangeViewState(() => {
    isReady &&= panel.visible;
  });

  /** Once, after the run it belongs to. */
  function focus(): void {
    if (isReady && wanted !== undefined) {
      post({ kind: "focusTensor", tensor: wanted });
      wanted = undefined;
    }
  }

  function answer(request: TabRequest): void {
    const { store, findings, clipAdviser } = options;
    const run = feed.shownRun();
    if (run !== undefined) {
      answerTab(request, { run, store, findings, post }, clipAdviser);
    }
  }

  return {
    show(id, tensor) {
      panel.reveal();
      feed.select(id);
      wanted = tensor;
      focus();
    },
    dispose() {
      received.dispose();
      hidden.dispose();
      feed.dispose();
    },
  };
}
