import type { SyntaxNode } from "@lezer/common";
import { chainOf } from "../python/chain.ts";
import type { Chain, Segment } from "../python/chain.ts";
import type { SourceDocument } from "../document.ts";
import { moduleClasses, placesOf } from "./moduleClasses.ts";
import { classAt, namedPaths } from "./namedPaths.ts";
import type { NamedPath } from "./namedPaths.ts";
import { patternOf } from "./pattern.ts";
import type { TensorPattern, TensorReference } from "./pattern.ts";
import { stringTensorAt } from "./stringTensor.ts";

// Attributes that show the same tensor or its gradient; what follows `grad` is done with the gradient.
const GRADIENT = /^(?:main_)?grad$/;
const VIEWS = /^(?:data|value|(?:main_)?grad|T|mT)$/;

/** The tensor that Python names at an offset: a member where it is made, an attribute chain, a name in a string. */
export function pythonTensorAt(document: SourceDocument, offset: number): TensorReference | undefined {
  for (const side of [1, -1] as const) {
    const node = document.tree?.resolveInner(offset, side);
    const isName = node !== undefined && /^(?:VariableName|PropertyName|String|Number)$/.test(node.name);
    const found = isName
      ? (memberAt(document, node) ?? chainAt(document, node) ?? stringTensorAt(document, node))
      : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** `wte` in `nn.ModuleDict({"wte": nn.Embedding(…)})`, `"scale"` in `self.register_parameter("scale", …)`. */
function memberAt(document: SourceDocument, node: SyntaxNode): TensorReference | undefined {
  const owner = classAt(document, node);
  const member =
    owner?.isModule === true
      ? owner.members.find(
          ({ nameRange, path }) => nameRange?.start === node.from && nameRange.end === node.to && path.at(-1) !== null,
        )
      : undefined;
  if (owner === undefined || member === undefined) {
    return undefined;
  }
  const ways = placesOf(moduleClasses(document), owner.name).map((place) =>
    patternOf([...place, ...member.path], { optional: 0, siblings: [] }),
  );
  return referenceFrom(document, { start: node.from, end: node.to, isGradient: false, choices: [ways] });
}

function chainAt(document: SourceDocument, node: SyntaxNode): TensorReference | undefined {
  const whole = wholeChain(document, node);
  if (whole === undefined) {
    return undefined;
  }
  const { chain, at } = whole;
  if (at < 0 && document.text.slice(node.from, node.to) === "self") {
    return undefined;
  }
  const gradient = chain.links.findIndex(({ segment }) => segment !== null && GRADIENT.test(segment));
  const isGradient = gradient >= 0 && at >= 0;
  const lengths = prefixLengths(chain, { at, gradient });
  const paths = namedPaths(document, chain);
  const choices = lengths.map((length) => paths.flatMap((path) => prefixPattern(path, chain.links.length - length)));
  const last = chain.links[(gradient < 0 ? chain.links.length : gradient + 1) - 1];
  const lastEnd = Math.max(last?.end ?? node.to, node.to);
  const end = document.text[lastEnd] === "]" ? lastEnd + 1 : lastEnd;
  return referenceFrom(document, { start: chain.root.from, end, isGradient, choices });
}

/** The pattern of a path without its last segments; none where what is left is but the whole model, or any tensor. */
function prefixPattern({ segments, optional, siblings }: NamedPath, without: number): readonly TensorPattern[] {
  const kept = segments.slice(0, segments.length - without);
  const isTold = siblings !== undefined || kept.slice(optional).some((segment) => segment !== null);
  return kept.length === 0 || !isTold
    ? []
    : [patternOf(kept, { optional: Math.min(optional, kept.length - 1), siblings })];
}

/** How many of a chain's links may be the name, the longest first; never fewer than up to the one at the cursor. */
function prefixLengths(
  chain: Chain,
  { at, gradient }: { readonly at: number; readonly gradient: number },
): readonly number[] {
  const longest = gradient > 0 ? gradient : chain.links.length;
  let shortest = at < 0 ? longest : Math.min(at + 1, longest); // The root stands for the whole chain.
  while (shortest > 1 && isView(chain.links[shortest - 1]?.segment)) {
    shortest -= 1;
  }
  return Array.from({ length: Math.max(longest - shortest + 1, 0) }, (_, index) => longest - index);
}

function isView(segment: Segment | undefined): boolean {
  return typeof segment === "string" && VIEWS.test(segment);
}

/** The outermost chain that a node is a part of, and which of its links it is: -1 for the root. */
function wholeChain(
  document: SourceDocument,
  node: SyntaxNode,
): { readonly chain: Chain; readonly at: number } | undefined {
  let found: { chain: Chain; at: number } | undefined;
  for (
    let part: SyntaxNode | null = node;
    part !== null && !/(?:Statement|Definition|Body|Script|Lambda\w+)$/.test(part.name);
    part = part.parent
  ) {
    const chain = chainOf(document, part);
    const at = chain?.links.findLastIndex(({ start, end }) => start <= node.from && node.to <= end) ?? -1;
    if (chain !== undefined && (at >= 0 || chain.root.from === node.from)) {
      found = { chain, at };
    }
  }
  return found;
}

function referenceFrom(
  document: SourceDocument,
  reference: Omit<TensorReference, "text"> & { readonly choices: readonly (readonly TensorPattern[])[] },
): TensorReference | undefined {
  const isTelling = reference.choices.some((patterns) => patterns.length > 0);
  return isTelling ? { ...reference, text: document.text.slice(reference.start, reference.end) } : undefined;
}
