import type { SourceDocument, TextEdit, TextRange } from "../document.ts";
import { newlineOf } from "../python/statements.ts";

const COMMENT = /#[ \t]*gradlens:[ \t]*ignore\b[ \t]*([\w, \t]*)/g;

/** A comment `# gradlens: ignore GN411, GN412`, and where it stands. */
interface IgnoreComment extends TextRange {
  /** Empty for all rules. */
  readonly rules: readonly string[];
  /** Zero-based. */
  readonly line: number;
  /** Whether nothing else stands on its line, so that it speaks of the next one. */
  readonly isAlone: boolean;
}

/** Whether comments on the lines of a range, or alone on the line above it or its statement, say to ignore a rule there. */
export function isIgnored(document: SourceDocument, range: TextRange, rule: string): boolean {
  const [first, last] = [lineAt(document, range.start), lineAt(document, range.end)];
  const above = [first - 1, lineAt(document, statementStart(document, range.start)) - 1];
  return ignoreComments(document).some(
    ({ rules, line, isAlone }) =>
      (rules.length === 0 || rules.includes(rule)) &&
      ((first <= line && line <= last) || (isAlone && above.includes(line))),
  );
}

/**
 * The edit that adds a rule to what a line (zero-based) says to ignore. None when it says so already, and in JSON, which has
 * no comments. Where no comment can end the line, as inside a string, it stands above the statement.
 */
export function ignoreComment(document: SourceDocument, line: number, rule: string): readonly TextEdit[] {
  const { text, language } = document;
  const lineStart = startOfLine(text, line);
  const start = lineStart + indentationAt(text, lineStart).length;
  const end = endOfLine(text, lineStart);
  if (language === "json" || language === "text" || isIgnored(document, { start, end: start }, rule)) {
    return [];
  }
  const own = ignoreComments(document).find((comment) => comment.line === line);
  if (own !== undefined) {
    return [{ start: own.end, end: own.end, text: `, ${rule}` }];
  }
  if (canEndWithComment(document, end)) {
    return [{ start: end, end, text: `  # gradlens: ignore ${rule}` }];
  }
  const statement = startOfLine(text, lineAt(document, statementStart(document, start)));
  const comment = `${indentationAt(text, statement)}# gradlens: ignore ${rule}${newlineOf(document)}`;
  return [{ start: statement, end: statement, text: comment }];
}

function indentationAt(text: string, lineStart: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart, endOfLine(text, lineStart)))?.[0] ?? "";
}

function ignoreComments(document: SourceDocument): readonly IgnoreComment[] {
  return Array.from(document.text.matchAll(COMMENT)).flatMap((match) => {
    const line = lineAt(document, match.index);
    const before = document.text.slice(startOfLine(document.text, line), match.index);
    const end = match.index + match[0].trimEnd().length;
    const rules = (match[1] ?? "").split(/[,\s]+/).filter((rule) => /^GN\d+$/.test(rule));
    return isComment(document, match.index)
      ? [{ start: match.index, end, rules, line, isAlone: before.trim() === "" }]
      : [];
  });
}

function isComment({ language, tree, text }: SourceDocument, at: number): boolean {
  if (tree !== null) {
    return tree.resolveInner(at, 1).name === "Comment";
  }
  const before = text.slice(text.lastIndexOf("\n", at) + 1, at);
  const quotes = before.replaceAll(/"[^"]*"|'[^']*'/g, "");
  return (language === "toml" || language === "shell") && !/["']/.test(quotes);
}

/** A comment cannot follow a backslash, and in a string it is none. */
function canEndWithComment({ tree, text }: SourceDocument, end: number): boolean {
  const isInString =
    tree !== null && /String/.test(tree.resolveInner(end, 1).name) && tree.resolveInner(end, 1).from < end;
  return !isInString && text[end - 1] !== "\\";
}

/** Where the outermost simple statement around an offset begins; the offset itself outside of Python. */
function statementStart({ tree, language }: SourceDocument, offset: number): number {
  let node = language === "python" ? (tree?.resolveInner(offset, 1) ?? null) : null;
  while (node?.parent && !/^(?:Body|Script|StatementGroup)$/.test(node.parent.name)) {
    node = node.parent;
  }
  return node === null || /^(?:Body|Script)$/.test(node.name) ? offset : node.from;
}

function lineAt({ text }: SourceDocument, offset: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

function startOfLine(text: string, line: number): number {
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const newline = text.indexOf("\n", start);
    start = newline < 0 ? text.length : newline + 1;
  }
  return start;
}

function endOfLine(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  return text[end - 1] === "\r" ? end - 1 : end;
}
