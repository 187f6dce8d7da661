import type { SyntaxNode } from "@lezer/common";
import type { Threshold } from "./clipSite.ts";
import type { SourceDocument } from "../document.ts";
import { definedValue } from "../python/definitions.ts";
import { enclosing, numberValue, rangeOf, stringValue, textOf } from "../python/syntax.ts";
import { identifiersIn, nodesAt } from "../python/words.ts";

const MOST_STEPS = 4; // A name that stands for another; also ends circles.

/** The literal that an expression comes to within its file; undefined where the file does not tell, or tells several. */
export function thresholdOf(document: SourceDocument, value: SyntaxNode, steps = 0): Threshold | undefined {
  const literal = literalOf(document, value);
  if (literal !== undefined) {
    return { ...rangeOf(value), text: textOf(document, value), value: literal };
  }
  if (value.name === "ConditionalExpression") {
    return thresholdOfBranches(document, value, steps);
  }
  const name = lastName(document, value);
  if (name === undefined || steps >= MOST_STEPS) {
    return undefined;
  }
  const definitions = definitionsOf(document, name, value).filter(({ from }) => from !== value.from);
  const found = definitions.flatMap((definition) => thresholdOf(document, definition, steps + 1) ?? []);
  const isOne = found.every(({ start, value: each }) => start === found[0]?.start || each === found[0]?.value);
  return isOne ? found[0] : undefined;
}

/** Of `None if off else 1.0` the branch that clips; undefined where both do, or neither. */
function thresholdOfBranches(document: SourceDocument, value: SyntaxNode, steps: number): Threshold | undefined {
  const branches = [value.firstChild, value.lastChild].map((branch) =>
    branch === null ? undefined : thresholdOf(document, branch, steps + 1),
  );
  const [clipping, another] = branches.filter((each) => Number.isFinite(each?.value ?? Infinity) && each?.value !== 0);
  return branches.every((branch) => branch !== undefined) && another === undefined ? clipping : undefined;
}

/** A number, null for None, Infinity as float("inf") and math.inf; undefined for anything else. */
function literalOf(document: SourceDocument, value: SyntaxNode): number | null | undefined {
  if (value.name === "None") {
    return null;
  }
  const isInfinite = /^(?:float\((["'])inf(?:inity)?\1\)|(?:math|np|torch)\.inf)$/.test(textOf(document, value));
  return isInfinite ? Infinity : numberValue(document, value);
}

/** `grad_clip`, `args.grad_clip` and `config["grad_clip"]` are all called `grad_clip`. */
function lastName(document: SourceDocument, value: SyntaxNode): string | undefined {
  if (value.name === "VariableName") {
    return textOf(document, value);
  }
  const last = value.name === "MemberExpression" ? value.lastChild : null;
  const index = last?.name === "]" ? last.prevSibling : null;
  return last?.name === "PropertyName" ? textOf(document, last) : index ? stringValue(document, index) : undefined;
}

/** The values that are given to a name: to a variable in its own function or, when that has none, in the file. */
function definitionsOf(document: SourceDocument, name: string, use: SyntaxNode): readonly SyntaxNode[] {
  const written = name.replaceAll(/[_-]/g, "[_-]");
  const word = new RegExp(String.raw`\b${written}\b`, "g");
  if (use.name !== "VariableName") {
    const key = new RegExp(String.raw`(["'])(?:--?)?${written}\1`, "g");
    const keys = nodesAt(document, key).filter((node) => node.name === "String");
    return [...identifiersIn(document, word), ...keys].flatMap((each) => definedValue(document, each) ?? []);
  }
  const scope = enclosing(use, ["FunctionDefinition"]);
  const local = scope === undefined ? [] : identifiersIn(document, word, rangeOf(scope));
  const own = variableValues(
    document,
    local.filter((each) => enclosing(each, ["FunctionDefinition"])?.from === scope?.from),
  );
  return own.length > 0 ? own : variableValues(document, identifiersIn(document, word).filter(isTopLevel));
}

function variableValues(document: SourceDocument, words: readonly SyntaxNode[]): readonly SyntaxNode[] {
  return words
    .filter(({ parent }) => parent?.name === "AssignStatement" || parent?.name === "ParamList")
    .flatMap((word) => definedValue(document, word) ?? []);
}

function isTopLevel(word: SyntaxNode): boolean {
  return enclosing(word, ["FunctionDefinition", "ClassDefinition"]) === undefined;
}
