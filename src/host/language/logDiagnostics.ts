import type { Finding } from "#core/finding.ts";
import type { Severity } from "#core/rules.ts";
import type { Run } from "#store/run.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { ruleName } from "#l10n/names.ts";
import { stepName } from "#l10n/stepName.ts";
import { hasLines } from "../runs/logLines.ts";
import { settings } from "../settings/settings.ts";
import { ruleCode } from "./ruleLink.ts";
import type { RulePages } from "./rulePages.ts";
import { seriesOf } from "../seriesOf.ts";
import { createThrottle } from "../throttle.ts";

const PAUSE_MS = 500;
export const MAX_PER_FILE = 100;

/** The editor's Error is kept for NaN and Inf; everything else is at most a warning. */
const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Warning,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Lists the findings of followed runs in Problems, each on the log line that shows it. */
export function createLogDiagnostics(
  findings: FindingsBook,
  runs: () => readonly Run[],
  readPages: () => Promise<RulePages>,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("gradlens");
  const filesOfRun = new Map<string, readonly string[]>();
  const changed = new Map<string, Run>();

  function publish(pages: RulePages): void {
    for (const run of changed.values()) {
      for (const path of filesOfRun.get(run.id) ?? []) {
        collection.delete(vscode.Uri.file(path));
      }
      const isWanted = settings.diagnostics(vscode.Uri.file(run.id));
      const logs = new Set(
        run
          .logs()
          .filter(hasLines)
          .map(({ path }) => path),
      );
      const onLines = isWanted ? findings.of(run).filter(({ source }) => logs.has(source.path)) : [];
      const byFile = Map.groupBy(onLines, ({ source }) => source.path);
      for (const [path, found] of byFile) {
        const shown = found.slice(-MAX_PER_FILE).map((finding) => diagnostic(run, finding, pages));
        collection.set(vscode.Uri.file(path), shown);
      }
      filesOfRun.set(run.id, [...byFile.keys()]);
    }
    changed.clear();
  }

  const throttle = createThrottle(() => void readPages().then(publish), PAUSE_MS);
  function publishSoon(run: Run): void {
    changed.set(run.id, run);
    throttle.soon();
  }

  runs().forEach(publishSoon); // Their findings may have come before.
  return vscode.Disposable.from(
    collection,
    findings.onDidChange(publishSoon),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens.diagnostics")) {
        runs().forEach(publishSoon);
      }
    }),
    throttle,
  );
}

function diagnostic(run: Run, finding: Finding, pages: RulePages): vscode.Diagnostic {
  const { rule, severity, message, source } = finding;
  const line = source.line - 1;
  const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const level = rule === "GN101" && severity === "error" ? vscode.DiagnosticSeverity.Error : SEVERITIES[severity];
  const found = new vscode.Diagnostic(range, message, level);
  found.source = "gradlens";
  found.code = ruleCode({ rule, name: ruleName(rule) }, pages);
  found.relatedInformation = [...beginningOf(run, finding)];
  return found;
}

/** The line with which an episode began, where that is not the one it is told on. */
function beginningOf(
  run: Run,
  { tensor, start, axis, source }: Finding,
): readonly vscode.DiagnosticRelatedInformation[] {
  const place = seriesOf(run, tensor)?.placeAt(start);
  if (place === undefined || (place.path === source.path && place.line === source.line - 1)) {
    return [];
  }
  const location = new vscode.Location(vscode.Uri.file(place.path), new vscode.Position(place.line, 0));
  return [new vscode.DiagnosticRelatedInformation(location, t("It began at {0}.", stepName(start, axis)))];
}
