import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import { hasLines } from "./logLines.ts";
import { describeProblems } from "./problemsText.ts";
import { settings } from "../settings/settings.ts";
import { createThrottle } from "../throttle.ts";

const PAUSE_MS = 500;

/** Tells in Problems, once for each log of a followed run, that lines of it could not be read: on the first of them. */
export function createLogProblems(store: RunStore): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("gradlens.logs");
  const pathsOfRun = new Map<string, readonly string[]>();
  const changed = new Map<string, Run>();

  function publish(): void {
    for (const run of changed.values()) {
      const found = store.get(run.id) === run && settings.diagnostics() ? diagnosticsOf(run) : [];
      const paths = found.map(([path]) => path);
      for (const path of pathsOfRun.get(run.id) ?? []) {
        collection.delete(vscode.Uri.file(path));
      }
      found.forEach(([path, diagnostic]) => collection.set(vscode.Uri.file(path), [diagnostic]));
      pathsOfRun.set(run.id, paths);
    }
    changed.clear();
  }

  const throttle = createThrottle(publish, PAUSE_MS);
  const subscription = store.onDidChange(({ run }) => {
    changed.set(run.id, run);
    throttle.soon();
  });
  return vscode.Disposable.from(collection, subscription, throttle);
}

function diagnosticsOf(run: Run): (readonly [path: string, diagnostic: vscode.Diagnostic])[] {
  return run.logs().flatMap((log) => {
    const { path, problems } = log;
    const [first] = problems;
    const text = describeProblems(problems);
    if (first === undefined || text === undefined || !hasLines(log)) {
      return [];
    }
    const range = new vscode.Range(first.line, 0, first.line, Number.MAX_SAFE_INTEGER);
    const diagnostic = new vscode.Diagnostic(range, text.long, vscode.DiagnosticSeverity.Information);
    diagnostic.source = "gradlens";
    diagnostic.code = t("unread line");
    return [[path, diagnostic] as const];
  });
}
