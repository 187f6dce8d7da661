import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument, TextRange } from "../document.ts";

/** An argument of a call; `name` only of keyword arguments. */
export interface Argument {
  readonly name: string | undefined;
  readonly nameNode: SyntaxNode | undefined;
  readonly value: SyntaxNode;
}

export function textOf(document: SourceDocument, { from, to }: SyntaxNode): string {
  return document.text.slice(from, to);
}

export function rangeOf({ from, to }: SyntaxNode): TextRange {
  return { start: from, end: to };
}

export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

/** The innermost node around a node, itself not counted, whose type is one of these. */
export function enclosing(node: SyntaxNode, types: readonly string[]): SyntaxNode | undefined {
  for (let parent = node.parent; parent !== null; parent = parent.parent) {
    if (types.includes(parent.name)) {
      return parent;
    }
  }
  return undefined;
}

/** The call whose callee ends in this name: the `f` of `f(x)` and of `a.b.f(x)`. */
export function callNamed(name: SyntaxNode): SyntaxNode | undefined {
  const callee =
    name.parent?.name === "MemberExpression" && name.parent.lastChild?.from === name.from ? name.parent : name;
  const call = callee.parent;
  return call?.name === "CallExpression" && call.firstChild?.from === callee.from ? call : undefined;
}

/** The names of a dotted path, `["nn", "Linear"]`; undefined for anything else. */
export function dottedPath(document: SourceDocument, node: SyntaxNode): readonly string[] | undefined {
  if (node.name === "VariableName") {
    return [textOf(document, node)];
  }
  const { firstChild, lastChild } = node;
  if (node.name !== "MemberExpression" || firstChild === null || lastChild?.name !== "PropertyName") {
    return undefined;
  }
  const path = dottedPath(document, firstChild);
  return path && [...path, textOf(document, lastChild)];
}

/** The last name of a call's callee: `Linear` of `nn.Linear(…)` and of `layers()[0].Linear(…)`. */
export function calleeName(document: SourceDocument, call: SyntaxNode): string | undefined {
  const callee = call.firstChild;
  const name = callee?.name === "MemberExpression" ? callee.lastChild : callee;
  return name?.name === "VariableName" || name?.name === "PropertyName" ? textOf(document, name) : undefined;
}

/** What a call gets, in order; `*items` as `items`, `**fields` left out. */
export function argumentsOf(document: SourceDocument, call: SyntaxNode): readonly Argument[] {
  const list = call.getChild("ArgList");
  return list === null ? [] : splitAtCommas(list).flatMap((nodes) => argumentFrom(document, nodes));
}

function argumentFrom(document: SourceDocument, nodes: readonly SyntaxNode[]): readonly Argument[] {
  const value = nodes.at(-1);
  const [first, second] = nodes;
  if (value === undefined || first?.name === "**") {
    return [];
  }
  const isKeyword = second?.name === "AssignOp" && first !== undefined && nodes.length === 3;
  return [{ name: isKeyword ? textOf(document, first) : undefined, nameNode: isKeyword ? first : undefined, value }];
}

/** The children of a bracketed list, divided at its commas. Brackets and comments are left out. */
export function splitAtCommas(list: SyntaxNode): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(list)) {
    if (child.name === ",") {
      groups.push([]);
    } else if (!/^(?:[()[\]{}]|Comment)$/.test(child.name)) {
      groups.at(-1)?.push(child);
    }
  }
  return groups.filter((group) => group.length > 0);
}

/** The content of a plain string literal; undefined for f-strings, bytes, escapes and anything else. */
export function stringValue(document: SourceDocument, node: SyntaxNode): string | undefined {
  const match = /^[rRuU]?(["']{3}|["'])([^\\]*)\1$/s.exec(node.name === "String" ? textOf(document, node) : "");
  return match?.[2];
}

/** A number literal with its sign; undefined for anything else. */
export function numberValue(document: SourceDocument, node: SyntaxNode): number | undefined {
  const isSigned = node.name === "UnaryExpression" && node.lastChild?.name === "Number";
  const literal = node.name === "Number" || isSigned ? textOf(document, node).replaceAll(/[_\s]/g, "") : "";
  const value = /^[-+]?(?:\d|\.\d)/.test(literal) ? Number(literal) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}

/** The right side of the assignment whose first target a node is; undefined when it is none. */
export function valueAssignedTo(target: SyntaxNode): SyntaxNode | undefined {
  const { parent, nextSibling: next, prevSibling } = target;
  const isTarget = next !== null && (next.name === "AssignOp" || next.name === "TypeDef") && prevSibling === null;
  const value = isTarget && parent?.name === "AssignStatement" ? parent.lastChild : null;
  return value === null || value.name === "TypeDef" ? undefined : value;
}

/** The call that a node is an argument of. */
export function callAround(argument: SyntaxNode): SyntaxNode | undefined {
  const list = argument.parent;
  return list?.name === "ArgList" && list.parent?.name === "CallExpression" ? list.parent : undefined;
}
