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

/** Simple statements put before another, each on a line of its own; on the same line where others stand before it. */
export function linesBefore({ text }: SourceDocument, statement: number, lines: readonly string[]): TextEdit {
  const before = text.slice(text.lastIndexOf("\n", statement - 1) + 1, statement);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const separator = before.trim() === "" ? `${newline}${before}` : "; ";
  return { start: statement, end: statement, text: lines.map((line) => `${line}${separator}`).join("") };
}
