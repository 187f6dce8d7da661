import { isRuleId, RULES } from "#core/rules.ts";
import * as vscode from "vscode";
import type { RulePages } from "./rulePages.ts";

/** A diagnostic's code: the rule's number and name, linked to its page. */
export function ruleCode(
  { rule, name }: { readonly rule: string; readonly name: string },
  pages: RulePages,
): { readonly value: string; readonly target: vscode.Uri } {
  return { value: `${rule} ${name}`, target: pages(rule) };
}

/** The rule that a diagnostic of this extension is from; undefined for other diagnostics. */
export function ruleOf({ source, code }: vscode.Diagnostic): string | undefined {
  const value = typeof code === "object" ? code.value : code;
  return source === "gradlens" && typeof value === "string" ? /^GN\d+/.exec(value)?.[0] : undefined;
}

/** Shows the page of rules that comes with the extension, at a rule where one is given. */
export async function openRule(extensionUri: vscode.Uri, rule: unknown): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, "docs", "rules.md");
  await vscode.commands.executeCommand("markdown.showPreview", page.with({ fragment: anchorOf(rule) }));
}

/** As Markdown makes anchors of headings. */
function anchorOf(rule: unknown): string {
  if (typeof rule !== "string") {
    return "";
  }
  const heading = isRuleId(rule) ? `${rule} ${RULES[rule].name}` : "rules of sources";
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
