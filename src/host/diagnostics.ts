import type { Finding } from "#core/finding.ts";
import { RULES } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { settings } from "./settings.ts";

const DEBOUNCE_MS = 500;
const MAX_PER_FILE = 100;

/** The editor's Error is kept for NaN and Inf; everything else is at most a warning. */
const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Warning,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Lists the findings of followed runs in Problems, each on the log line that shows it. */
export function createDiagnostics(findings: FindingsBook): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("gradlens");
  const filesOfRun = new Map<string, readonly string[]>();
  const changed = new Map<string, Run>();
  let timer: NodeJS.Timeout | undefined;

  function publish(): void {
    timer = undefined;
    for (const run of changed.values()) {
      for (const path of filesOfRun.get(run.id) ?? []) {
        collection.delete(vscode.Uri.file(path));
      }
      const byFile = Map.groupBy(settings.diagnostics() ? findings.of(run) : [], ({ source }) => source.path);
      for (const [path, found] of byFile) {
        collection.set(vscode.Uri.file(path), found.slice(-MAX_PER_FILE).map(diagnostic));
      }
      filesOfRun.set(run.id, [...byFile.keys()]);
    }
    changed.clear();
  }

  const subscription = findings.onDidChange((run) => {
    changed.set(run.id, run);
    timer ??= setTimeout(publish, DEBOUNCE_MS);
  });
  return vscode.Disposable.from(collection, subscription, { dispose: () => clearTimeout(timer) });
}

function diagnostic({ rule, severity, message, source }: Finding): vscode.Diagnostic {
  const line = source.line - 1;
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const level = rule === "GN101" && severity === "error" ? vscode.DiagnosticSeverity.Error : SEVERITIES[severity];
  const found = new vscode.Diagnostic(range, message, level);
  found.source = "gradlens";
  found.code = `${rule} ${RULES[rule].name}`;
  return found;
}
