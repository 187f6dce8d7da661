import { isRuleId, RULES } from "#core/rules.ts";
import type { TextEdit } from "#source/document.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import type { FindingsBook } from "../findingsBook.ts";
import { fixesFor, valuesFor } from "./clipFixes.ts";
import type { Fix } from "./clipFixes.ts";
import { ruleOf } from "./ruleLink.ts";
import { CLIP_SELECTOR, HOVER_SELECTOR } from "./sourceLanguage.ts";
import type { ReadSource, SourceReader } from "./sourceReader.ts";

export interface QuickFixParts {
  readonly reader: SourceReader;
  readonly findings: FindingsBook;
  readonly store: RunStore;
}

const KINDS = [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite];

/** What can be done about a finding: change the source, or hear no more of it. */
export function registerQuickFixes(parts: QuickFixParts): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, { diagnostics }) {
      const own = diagnostics.filter((diagnostic) => ruleOf(diagnostic) !== undefined);
      const read = parts.store.runs().length === 0 ? undefined : parts.reader.read(document);
      return [
        ...(read === undefined ? [] : sourceActions(document, own, read)),
        ...(read === undefined || own.length > 0 ? [] : rewrites(document, range, read)),
        ...own.flatMap((diagnostic) => [...tensorActions(document, diagnostic, parts), ...ruleActions(diagnostic)]),
      ];
    },
  };
  const selectors = [...CLIP_SELECTOR, ...HOVER_SELECTOR];
  return vscode.languages.registerCodeActionsProvider(selectors, provider, { providedCodeActionKinds: KINDS });
}

/** The finding is looked for anew: a diagnostic may be from a version that was edited since. */
function sourceActions(
  document: vscode.TextDocument,
  diagnostics: readonly vscode.Diagnostic[],
  read: ReadSource,
): readonly vscode.CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const rule = ruleOf(diagnostic);
    const finding = read.findings.find(
      (one) => one.rule === rule && document.positionAt(one.start).isEqual(diagnostic.range.start),
    );
    if (finding === undefined) {
      return [];
    }
    const line = diagnostic.range.start.line;
    const ignore = {
      title: `Ignore ${finding.rule} here`,
      edits: read.service.ignoreComment(read.source, line, finding.rule),
    };
    const fixes = fixesFor(finding, read).map((fix, index) => {
      const action = actionFor(document, fix, vscode.CodeActionKind.QuickFix);
      action.isPreferred = index === 0;
      return action;
    });
    const ignores = ignore.edits.length === 0 ? [] : [actionFor(document, ignore, vscode.CodeActionKind.QuickFix)];
    return [...fixes, ...ignores].map((action) => withDiagnostic(action, diagnostic));
  });
}

/** Other thresholds for a place that nothing is wrong with, for those who ask. */
function rewrites(document: vscode.TextDocument, range: vscode.Range, read: ReadSource): readonly vscode.CodeAction[] {
  const at = document.offsetAt(range.start);
  const site = read.service.clipSitesIn(read.source).find(({ start, end }) => start <= at && at <= end);
  const fixes = site === undefined ? [] : valuesFor(site, read);
  return fixes.map((fix) => actionFor(document, fix, vscode.CodeActionKind.RefactorRewrite));
}

function actionFor(
  document: vscode.TextDocument,
  { title, edits }: Fix,
  kind: vscode.CodeActionKind,
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.edit = new vscode.WorkspaceEdit();
  action.edit.set(
    document.uri,
    edits.map((edit) => editIn(document, edit)),
  );
  return action;
}

function editIn(document: vscode.TextDocument, { start, end, text }: TextEdit): vscode.TextEdit {
  return vscode.TextEdit.replace(new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
}

/** A finding of one tensor, by the line and rule of its diagnostic. */
function tensorActions(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { findings, store }: QuickFixParts,
): readonly vscode.CodeAction[] {
  const line = diagnostic.range.start.line + 1;
  const tensors = store
    .runs()
    .flatMap((run) => findings.of(run))
    .filter(
      ({ source, message }) =>
        source.path === document.uri.fsPath && source.line === line && message === diagnostic.message,
    )
    .flatMap(({ tensor }) => tensor ?? []);
  return [...new Set(tensors)].map((tensor) =>
    commandAction(`Ignore tensor ${tensor}`, { command: "gradlens.ignoreTensor", argument: tensor, diagnostic }),
  );
}

function ruleActions(diagnostic: vscode.Diagnostic): readonly vscode.CodeAction[] {
  const rule = ruleOf(diagnostic);
  const name = rule !== undefined && isRuleId(rule) ? ` (${RULES[rule].name})` : "";
  return rule === undefined
    ? []
    : [
        commandAction(`Switch off ${rule}${name} in this workspace`, {
          command: "gradlens.ignoreRule",
          argument: rule,
          diagnostic,
        }),
      ];
}

interface CommandParts {
  readonly command: string;
  readonly argument: string;
  readonly diagnostic: vscode.Diagnostic;
}

function commandAction(title: string, { command, argument, diagnostic }: CommandParts): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command, title, arguments: [argument] };
  return withDiagnostic(action, diagnostic);
}

function withDiagnostic(action: vscode.CodeAction, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  action.diagnostics = [diagnostic];
  return action;
}
