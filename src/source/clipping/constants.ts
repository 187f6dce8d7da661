import type { SyntaxNode } from "@lezer/common";
import type { Threshold } from "./clipSite.ts";
import type { SourceDocument } from "../document.ts";
import { definedValue } from "../python/definitions.ts";
import { enclosing, identifiersIn, nodesAt, numberValue, rangeOf, stringValue, textOf } from "../python/syntax.ts";

const MOST_STEPS = 4; // A name that stands for another; also ends circles.

/** The literal that an expression comes to within its file; undefined where the file does not tell, or tells several. */
export function thresholdOf(document: SourceDocument, value: SyntaxNode, steps = 0): Threshold | undefined {
  const literal = literalOf(document, value);
  if (literal !== undefined) {
    return { ...rangeOf(value), text: textOf(document, value), value: literal };
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
  const safe = name.replaceAll(/[^\w]/g, String.raw`\$&`).replaceAll("_", "[_-]");
  const words = identifiersIn(document, new RegExp(String.raw`\b${safe}\b`, "g"));
  const strings = nodesAt(document, new RegExp(String.raw`(["'])(?:--?)?${safe}\1`, "g")).filter(
    (node) => node.name === "String",
  );
  if (use.name !== "VariableName") {
    return [...words, ...strings].flatMap((word) => definedValue(document, word) ?? []);
  }
  const scope = enclosing(use, ["FunctionDefinition"])?.from;
  const variables = words.filter(({ parent }) => parent?.name === "AssignStatement" || parent?.name === "ParamList");
  const local = variables.filter((word) => enclosing(word, ["FunctionDefinition"])?.from === scope);
  const values = local.flatMap((word) => definedValue(document, word) ?? []);
  return values.length > 0
    ? values
    : variables.filter(isTopLevel).flatMap((word) => definedValue(document, word) ?? []);
}

function isTopLevel(word: SyntaxNode): boolean {
  return enclosing(word, ["FunctionDefinition", "ClassDefinition"]) === undefined;
}
