import type { SyntaxNode } from "@lezer/common";
import { segmentsOf } from "../python/chain.ts";
import type { SourceDocument } from "../document.ts";
import { patternOf } from "./pattern.ts";
import type { TensorReference } from "./pattern.ts";
import { argumentsOf, callAround, calleeName, childrenOf, enclosing, stringValue } from "../python/syntax.ts";

const ENDINGS = /^(?:endswith|startswith)$/;
const NO_LAYERS = /(?:Model|Optimizer|Metric|Input|Callback|Logger|Config|Arguments)$/;
const FRAMEWORKS = /\b(?:keras|flax|haiku)\b/;
const NAME = /^[\w-]+(?:[./][\w-]+)+$/;

/** A name in a string that is compared with names of parameters, or that gives a layer its name. */
export function stringTensorAt(document: SourceDocument, node: SyntaxNode): TensorReference | undefined {
  const text = node.name === "String" ? stringValue(document, node) : undefined;
  if (text === undefined) {
    return undefined;
  }
  const isLayer = isLayerName(document, node);
  if (!(isLayer || (NAME.test(text) && isCompared(document, node)))) {
    return undefined;
  }
  const pattern = patternOf(segmentsOf(text), { optional: 0, siblings: isLayer ? [] : undefined });
  return { start: node.from, end: node.to, text, isGradient: false, choices: [[pattern]] };
}

/** `name == "…"`, `"…" in name`, `name in ("…", "…")`, `name.endswith("…")`. */
function isCompared(document: SourceDocument, node: SyntaxNode): boolean {
  const list = enclosing(node, ["TupleExpression", "ArrayExpression", "SetExpression"]);
  const item = list !== undefined && node.parent?.from === list.from ? list : node;
  const { parent } = item;
  if (parent?.name === "BinaryExpression") {
    const sides = childrenOf(parent);
    const isComparison = sides.some(({ name }) => name === "CompareOp" || name === "in" || name === "not");
    return isComparison && sides.some(({ name }) => name === "VariableName");
  }
  const call = callAround(item);
  return call !== undefined && ENDINGS.test(calleeName(document, call) ?? "");
}

/** `name="head"` of what makes a layer: `layers.Dense(10, name="head")`. */
function isLayerName(document: SourceDocument, node: SyntaxNode): boolean {
  const call = callAround(node);
  const name = call === undefined ? "" : (calleeName(document, call) ?? "");
  const isLayer = /^[A-Z]/.test(name) && !NO_LAYERS.test(name) && FRAMEWORKS.test(document.text);
  const given = call === undefined || !isLayer ? [] : argumentsOf(document, call);
  return given.some((argument) => argument.name === "name" && argument.value.from === node.from);
}
