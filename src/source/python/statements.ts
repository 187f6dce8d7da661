import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument, TextEdit } from "../document.ts";
import { enclosing } from "./syntax.ts";

const SIMPLE = ["ExpressionStatement", "AssignStatement", "UpdateStatement", "ReturnStatement"];

/** The simple statement around a node, before which others can be put; none inside a lambda. */
export function statementAround(node: SyntaxNode): SyntaxNode | undefined {
  const statement = enclosing(node, SIMPLE);
  const lambda = enclosing(node, ["LambdaExpression"]);
  return lambda !== undefined && statement !== undefined && lambda.from > statement.from ? undefined : statement;
}

/** Statements put before another, each on a line of its own; on the same line where another stands before it. */
export function linesBefore(document: SourceDocument, statement: number, lines: readonly string[]): TextEdit {
  const separator = isFirstOnLine(document, statement)
    ? `${newlineOf(document)}${beforeOnLine(document, statement)}`
    : "; ";
  return { start: statement, end: statement, text: lines.map((line) => `${line}${separator}`).join("") };
}

export function isFirstOnLine(document: SourceDocument, offset: number): boolean {
  return beforeOnLine(document, offset).trim() === "";
}

function beforeOnLine({ text }: SourceDocument, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
}

export function newlineOf({ text }: SourceDocument): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
