import type { SyntaxNode } from "@lezer/common";
import { CLIP_CALLS, algorithmKind } from "./clipNames.ts";
import type { ClipCall } from "./clipNames.ts";
import type { ClipSite } from "./clipSite.ts";
import { thresholdOf } from "./constants.ts";
import type { SourceDocument } from "../document.ts";
import { unscaledAt } from "./lossScaling.ts";
import { argumentsOf, callNamed, dottedPath, rangeOf, numberValue, stringValue, textOf } from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";
import type { Argument } from "../python/syntax.ts";

const NAMES = new RegExp(`\\b(?:${[...CLIP_CALLS.keys()].join("|")})\\b`, "g");

const LIMIT = /(?:^|[._])(?:max_norm|clip_norm|max_grad_norm|grad_clip|clip_val(?:ue)?)$/;

/** The calls of functions that clip gradients. */
export function clipCallsIn(document: SourceDocument): readonly ClipSite[] {
  return identifiersIn(document, NAMES).flatMap((node) => {
    const call = callNamed(node);
    const name = textOf(document, node);
    const known = CLIP_CALLS.get(name);
    return call === undefined || known === undefined || !isFrom(document, call, known)
      ? []
      : [siteFrom(document, call, { name, known })];
  });
}

function isFrom(document: SourceDocument, call: SyntaxNode, { packages }: ClipCall): boolean {
  const path = call.firstChild === null ? undefined : dottedPath(document, call.firstChild);
  return packages === undefined || packages.test(path?.slice(0, -1).join(".") ?? "");
}

function siteFrom(
  document: SourceDocument,
  call: SyntaxNode,
  { name, known }: { name: string; known: ClipCall },
): ClipSite {
  const given = argumentsOf(document, call);
  const positional = given.filter((argument) => argument.name === undefined);
  const limit = limitOf(document, given, known);
  const mode = given.find((argument) => /^(?:mode|gradient_clip_algorithm)$/.test(argument.name ?? ""));
  const kind = limit?.name === "clip_val" ? "value" : algorithmKind(mode && stringValue(document, mode.value));
  const first = positional[0];
  const isMethod = first === undefined || first === limit;
  const method = name.startsWith("clip_grad") ? owner(document, call) : undefined;
  return {
    kind: kind ?? known.kind,
    form: "call",
    name,
    threshold: limit && thresholdOf(document, limit.value),
    given: limit && rangeOf(limit.value),
    target: isMethod ? method : textOf(document, first.value),
    unscaled: known.needsUnscaled === true && knowsNoScaling(document, call) ? unscaledAt(document, call) : "notNeeded",
    ...rangeOf(call),
  };
}

/** The argument that is the threshold. Methods and factories get it first: `model.clip_grad_norm_(1.0)`. */
function limitOf(
  document: SourceDocument,
  given: readonly Argument[],
  { position, keywords }: ClipCall,
): Argument | undefined {
  const positional = given.filter(({ name }) => name === undefined);
  const named = given.find(({ name }) => name !== undefined && keywords.includes(name));
  const [first] = positional;
  const isFirst = first !== undefined && (given.length === 1 || looksLikeLimit(document, first));
  return named ?? positional[isFirst ? 0 : position];
}

function looksLikeLimit(document: SourceDocument, { value }: Argument): boolean {
  return numberValue(document, value) !== undefined || LIMIT.test(textOf(document, value));
}

/** What a method clips: `model` of `model.clip_grad_norm_(1.0)`. */
function owner(document: SourceDocument, call: SyntaxNode): string | undefined {
  const callee = call.firstChild;
  return callee?.name === "MemberExpression" && callee.firstChild !== null
    ? textOf(document, callee.firstChild)
    : undefined;
}

/** torch's functions; accelerate and Fabric undo the scaling themselves. */
function knowsNoScaling(document: SourceDocument, call: SyntaxNode): boolean {
  return !/accelerator|fabric|trainer/i.test(owner(document, call) ?? "");
}
