import { isRuleId } from "#core/rules.ts";
import type { RunStore } from "#store/runStore.ts";
import { t } from "@vscode/l10n";
import * as vscode from "vscode";
import type { FindingsBook } from "#following/findingsBook.ts";
import { ruleName } from "#l10n/names.ts";
import { ruleOf } from "./ruleLink.ts";

export interface IgnoreParts {
  readonly findings: FindingsBook;
  readonly store: RunStore;
}

/** Ways to hear no more of a finding: of its tensor, or of its rule. */
export function ignoreActions(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  parts: IgnoreParts,
): readonly vscode.CodeAction[] {
  return [...tensorActions(document, diagnostic, parts), ...ruleActions(diagnostic)];
}

/** A finding of one tensor, by the line and rule of its diagnostic. */
function tensorActions(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { findings, store }: IgnoreParts,
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
    commandAction(t("Ignore tensor {0}", tensor), { command: "gradlens.ignoreTensor", argument: tensor, diagnostic }),
  );
}

function ruleActions(diagnostic: vscode.Diagnostic): readonly vscode.CodeAction[] {
  const rule = ruleOf(diagnostic);
  const name = rule !== undefined && isRuleId(rule) ? `${rule} (${ruleName(rule)})` : rule;
  return rule === undefined || name === undefined
    ? []
    : [
        commandAction(t("Switch off {0} in this workspace", name), {
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
  action.diagnostics = [diagnostic];
  return action;
}
