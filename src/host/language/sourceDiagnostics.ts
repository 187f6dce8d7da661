import type { Severity } from "#core/rules.ts";
import { formatNumber } from "#core/format.ts";
import type { SourceFinding } from "#source/clipping/clipChecks.ts";
import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import { stepName } from "#l10n/stepName.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { sourceRuleName } from "#l10n/names.ts";
import { settings } from "../settings/settings.ts";
import type { LazySource } from "./lazySource.ts";
import { MAX_PER_FILE } from "./logDiagnostics.ts";
import { ruleCode } from "./ruleLink.ts";
import type { RulePages } from "./rulePages.ts";
import type { ReadSource, SourceReader } from "./sourceReader.ts";
import { createThrottle } from "../throttle.ts";

const PAUSE_MS = 500;

/** A source is never broken by what a run says of it: nothing here is an error. */
const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Warning,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

export interface SourceDiagnosticsParts {
  readonly reader: SourceReader;
  readonly findings: FindingsBook;
  readonly store: RunStore;
  readonly lazy: LazySource;
  readonly readPages: () => Promise<RulePages>;
}

/** Lists in Problems what followed runs say of the places in open sources where gradients are clipped, or are not. */
export function createSourceDiagnostics(parts: SourceDiagnosticsParts): vscode.Disposable {
  const { reader, findings, store, lazy, readPages } = parts;
  const collection = vscode.languages.createDiagnosticCollection("gradlens sources");
  const due = new Set<vscode.TextDocument>();

  function publish(pages: RulePages): void {
    for (const document of due) {
      const read = settings.diagnostics(document.uri) && !document.isClosed ? reader.read(document) : undefined;
      const found = (read?.findings ?? []).slice(0, MAX_PER_FILE);
      if (read !== undefined && found.length > 0) {
        collection.set(
          document.uri,
          found.map((finding) => diagnostic(document, finding, { ...read, pages })),
        );
      } else {
        collection.delete(document.uri);
      }
    }
    due.clear();
  }

  const throttle = createThrottle(() => void readPages().then(publish), PAUSE_MS);
  function publishSoon(...documents: readonly vscode.TextDocument[]): void {
    documents.forEach((document) => due.add(document));
    throttle.soon();
  }

  const publishAll = (): void => publishSoon(...vscode.workspace.textDocuments);
  publishAll(); // Findings may have come before.
  return vscode.Disposable.from(
    collection,
    vscode.workspace.onDidOpenTextDocument((document) => publishSoon(document)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && store.runs().length > 0) {
        publishSoon(document);
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("gradlens")) {
        publishAll();
      }
    }),
    findings.onDidChange(publishAll),
    lazy.onDidLoad(publishAll),
    throttle,
  );
}

interface Shown extends ReadSource {
  readonly pages: RulePages;
}

function diagnostic(document: vscode.TextDocument, finding: SourceFinding, read: Shown): vscode.Diagnostic {
  const range = new vscode.Range(document.positionAt(finding.start), document.positionAt(finding.end));
  const found = new vscode.Diagnostic(range, finding.message, SEVERITIES[finding.severity]);
  found.source = "gradlens";
  found.code = ruleCode({ rule: finding.rule, name: sourceRuleName(finding.rule) }, read.pages);
  found.relatedInformation = [...evidenceFor(finding, read)];
  return found;
}

/** The log line and step that a finding rests on. */
function evidenceFor({ rule }: SourceFinding, read: ReadSource): readonly vscode.DiagnosticRelatedInformation[] {
  switch (rule) {
    case "GN411":
    case "GN412":
      return largestNorm(read);
    case "GN414":
      return read.explosion === undefined
        ? []
        : [related(read.explosion.source.path, read.explosion.source.line - 1, read.explosion.message)];
    case "GN413":
    case "GN415":
      return [];
  }
}

function largestNorm({ run, clipping }: ReadSource): readonly vscode.DiagnosticRelatedInformation[] {
  const { norms, steps, start } = clipping?.advice.history ?? { norms: [], steps: [], start: 0 };
  let at = start;
  for (let index = start; index < norms.length; index += 1) {
    at = (norms[index] ?? 0) > (norms[at] ?? 0) ? index : at;
  }
  const step = steps[at];
  const place = step === undefined ? undefined : placeOf(run, step);
  const message = t(
    "The largest norm, {0}, at {1}.",
    formatNumber(norms[at] ?? Number.NaN),
    stepName(step ?? 0, run.first("globalNorm")?.key.axis),
  );
  return place === undefined ? [] : [related(place.path, place.line, message)];
}

function placeOf(run: Run, step: number): { readonly path: string; readonly line: number } | undefined {
  return run.first("globalNorm")?.placeAt(step);
}

function related(path: string, line: number, message: string): vscode.DiagnosticRelatedInformation {
  const location = new vscode.Location(vscode.Uri.file(path), new vscode.Position(line, 0));
  return new vscode.DiagnosticRelatedInformation(location, message);
}
