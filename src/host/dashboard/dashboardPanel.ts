import type { Disposable } from "#core/event.ts";
import { fromDashboard } from "#protocol/dashboard.ts";
import type { ToDashboard } from "#protocol/dashboard.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import { answerTab, isTabRequest } from "./answers.ts";
import type { TabRequest } from "./answers.ts";
import type { DashboardAction } from "./dashboardActions.ts";
import { createDashboardFeed } from "./dashboardFeed.ts";
import type { FeedSources } from "./dashboardFeed.ts";
import { webviewHtml, webviewOptions } from "../webviewPage.ts";

const VIEW_TYPE = "gradlens.dashboard";

export interface DashboardOptions extends FeedSources {
  readonly extensionUri: vscode.Uri;
  /** What the dashboard asks for besides data. */
  readonly onAction: (run: Run | undefined, action: DashboardAction) => void;
}

/** The one dashboard panel: opened by command, restored after a reload. */
export interface Dashboard extends Disposable {
  /**
   * Opens or reveals the panel on a run; on the run it shows, or the first, when none is named. With one of the run's tensors
   * it opens the tab "Tensors" on it.
   */
  readonly show: (runId?: string, tensor?: string) => void;
}

export function createDashboard(options: DashboardOptions): Dashboard {
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

  const serializer = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    deserializeWebviewPanel(panel) {
      attach(panel);
      return Promise.resolve();
    },
  });
  return {
    show(runId, tensor) {
      open ??= attach(vscode.window.createWebviewPanel(VIEW_TYPE, "Gradlens", vscode.ViewColumn.Active));
      open.show(runId, tensor);
    },
    dispose: () => void serializer.dispose(),
  };
}

interface OpenDashboard extends Disposable {
  readonly show: Dashboard["show"];
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
      options.onAction(feed.shownRun(), action);
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
    const { store, findings } = options;
    const run = feed.shownRun();
    if (run !== undefined) {
      answerTab(request, { run, store, findings, post });
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
