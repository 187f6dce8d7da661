import type { SyntaxNode } from "@lezer/common";
import type { ClipSite } from "./clipSite.ts";
import type { SourceDocument } from "../document.ts";
import { callNamed, calleeName, enclosing, textOf } from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";

const WORDS = /\b(?:backward|unscale_|step|scale)\b/g;

/**
 * Whether `unscale_` comes between the backward pass of a scaled loss and a call. Where the loss is not scaled, or not in
 * this function, it is not needed.
 */
export function unscaledAt(document: SourceDocument, call: SyntaxNode): ClipSite["unscaled"] {
  const scope = enclosing(call, ["FunctionDefinition"]);
  const range = { start: scope?.from ?? 0, end: scope?.to ?? document.text.length };
  const calls = identifiersIn(document, WORDS, range).flatMap((name) => callNamed(name) ?? []);
  const before = calls.filter(({ to }) => to <= call.from);
  const backward = before.findLast((each) => calleeName(document, each) === "backward");
  const isScaled =
    backward === undefined ? calls.some((each) => isScalerStep(document, each)) : isScaledBackward(document, backward);
  if (!isScaled) {
    return "notNeeded";
  }
  const isUnscaled = before.some(
    (each) => calleeName(document, each) === "unscale_" && each.from > (backward?.from ?? -1),
  );
  return isUnscaled ? "yes" : "no";
}

/** `scaler.scale(loss).backward()`. */
function isScaledBackward(document: SourceDocument, backward: SyntaxNode): boolean {
  const owner = backward.firstChild?.firstChild;
  return owner?.name === "CallExpression" && calleeName(document, owner) === "scale";
}

/** `scaler.step(optimizer)`. */
export function isScalerStep(document: SourceDocument, call: SyntaxNode): boolean {
  const owner = call.firstChild?.firstChild;
  return (
    calleeName(document, call) === "step" &&
    owner !== null &&
    owner !== undefined &&
    /scaler\w*$/i.test(textOf(document, owner))
  );
}
