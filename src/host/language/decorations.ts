import type { Finding } from "#core/finding.ts";
import { SEVERITIES } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { settings } from "../settings/settings.ts";
import { markOf } from "./mark.ts";
import { createThrottle } from "../throttle.ts";

const REFRESH_MS = 250;

/** Marks the log lines of findings in open editors: a few words behind the line, and beside the scroll bar. */
export function createDecorations(store: RunStore, findings: FindingsBook): vscode.Disposable {
  const types = new Map(SEVERITIES.map((severity) => [severity, decorationType(severity)]));

  function decorate(): void {
    const all = settings.decorations() ? store.runs().flatMap((run) => findings.of(run)) : [];
    const byFile = Map.groupBy(all, ({ source }) => source.path);
    for (const editor of vscode.window.visibleTextEditors) {
      const own = editor.document.uri.scheme === "file" ? (byFile.get(editor.document.uri.fsPath) ?? []) : [];
      for (const [severity, type] of types) {
        editor.setDecorations(
          type,
          own.filter((finding) => finding.severity === severity).map((finding) => decoration(editor.document, finding)),
        );
      }
    }
  }

  const throttle = createThrottle(decorate, REFRESH_MS);
  throttle.soon(); // Findings may have come before.
  return vscode.Disposable.from(
    ...types.values(),
    findings.onDidChange(throttle.soon),
    vscode.window.onDidChangeVisibleTextEditors(throttle.soon),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens")) {
        throttle.soon();
      }
    }),
    throttle,
  );
}

function decorationType(severity: Severity): vscode.TextEditorDecorationType {
  const colour = { info: "Info", warning: "Warning", error: "Error" }[severity];
  return vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor(`editor${colour}.foreground`),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    after: { color: new vscode.ThemeColor("editorCodeLens.foreground"), margin: "0 0 0 2em" },
  });
}

function decoration(document: vscode.TextDocument, finding: Finding): vscode.DecorationOptions {
  const line = Math.min(finding.source.line, document.lineCount) - 1;
  return { range: document.lineAt(line).range, renderOptions: { after: { contentText: markOf(finding) } } };
}
