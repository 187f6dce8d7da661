import type { TextEdit } from "#source/document.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { fixesFor, valuesFor } from "./clipFixes.ts";
import type { Fix } from "./clipFixes.ts";
import { ignoreActions } from "./ignoreActions.ts";
import { ruleOf } from "./ruleLink.ts";
import { HOVER_SELECTOR } from "./sourceLanguage.ts";
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
      const own = diagnostics.filter((one) => ruleOf(one) !== undefined).toSorted(byRule);
      const read = parts.store.runs().length === 0 ? undefined : parts.reader.read(document);
      return [
        ...(read === undefined ? [] : preferFirst(onePerTitle(sourceActions(document, own, read)), own)),
        ...(read === undefined || own.length > 0 ? [] : rewrites(document, range, read)),
        ...own.flatMap((diagnostic) => ignoreActions(document, diagnostic, parts)),
      ];
    },
  };
  return vscode.languages.registerCodeActionsProvider(HOVER_SELECTOR, provider, { providedCodeActionKinds: KINDS });
}

function byRule(a: vscode.Diagnostic, b: vscode.Diagnostic): number {
  return Number((ruleOf(a) ?? "") > (ruleOf(b) ?? "")) - Number((ruleOf(a) ?? "") < (ruleOf(b) ?? ""));
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
    const edits = read.service.ignoreComment(read.source, line, finding.rule);
    const ignores = edits.length === 0 ? [] : [{ title: titleOfIgnore(finding.rule), edits }];
    return [...fixesFor(finding, read), ...ignores].map((fix) => {
      const action = actionFor(document, fix, vscode.CodeActionKind.QuickFix);
      return withDiagnostic(action, diagnostic);
    });
  });
}

function titleOfIgnore(rule: string): string {
  return t("Ignore {0} here", rule);
}

/** A change of the source comes before a comment that ignores what was found. */
function preferFirst(
  actions: readonly vscode.CodeAction[],
  answered: readonly vscode.Diagnostic[],
): readonly vscode.CodeAction[] {
  const ignores = new Set(answered.map((diagnostic) => titleOfIgnore(ruleOf(diagnostic) ?? "")));
  const [first] = actions.filter(({ title }) => !ignores.has(title));
  if (first !== undefined) {
    first.isPreferred = true;
  }
  return actions;
}

/** Two findings of one place may be answered by one change. */
function onePerTitle(actions: readonly vscode.CodeAction[]): readonly vscode.CodeAction[] {
  const byTitle = Map.groupBy(actions, ({ title }) => title);
  return Array.from(byTitle.values()).flatMap(([first, ...others]) => {
    if (first === undefined) {
      return [];
    }
    first.diagnostics = [first, ...others].flatMap(({ diagnostics }) => diagnostics ?? []);
    return [first];
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

function withDiagnostic(action: vscode.CodeAction, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  action.diagnostics = [diagnostic];
  return action;
}
