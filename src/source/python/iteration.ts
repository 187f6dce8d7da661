import type { SyntaxNode } from "@lezer/common";
import type { Binding } from "./binding.ts";
import { chainOf } from "./chain.ts";
import type { SourceDocument } from "../document.ts";
import { argumentsOf, calleeName, childrenOf, splitAtCommas } from "./syntax.ts";

const UNKNOWN: Binding = { kind: "unknown" };
const PAIRS = /^(?:items|named_children)$/;
const VALUES = /^(?:values|children)$/;
const SAME_ITEMS = /^(?:list|tuple|reversed|sorted|tqdm|iter)$/;

/** What a loop's or comprehension's variable stands for: an item of a list of modules. Undefined where it is only used. */
export function iteratedBy(document: SourceDocument, loop: SyntaxNode, target: SyntaxNode): Binding | undefined {
  const nodes = childrenOf(loop);
  const at = nodes.findIndex(({ from, to }) => from <= target.from && target.to <= to);
  const start = nodes.findLastIndex(({ name }, index) => name === "for" && index < at);
  const end = nodes.findIndex(({ name }, index) => name === "in" && index > start);
  const iterable = nodes[end + 1];
  if (start < 0 || at > end || iterable === undefined) {
    return undefined;
  }
  const path = positionOf(nodes.slice(start + 1, end), target);
  return path === undefined ? UNKNOWN : itemOf(document, iterable, path);
}

/** Where among nested targets a name stands: `c` of `a, (b, c)` at 1, 1. */
function positionOf(targets: readonly SyntaxNode[], target: SyntaxNode): readonly number[] | undefined {
  const names = targets.filter(({ name }) => name !== ",");
  const index = names.findIndex(({ from, to }) => from <= target.from && target.to <= to);
  const found = names[index];
  if (found === undefined) {
    return undefined;
  }
  const inner = found.name === "TupleExpression" ? positionOf(splitAtCommas(found).flat(), target) : [];
  return inner && (names.length === 1 && found.name !== "TupleExpression" ? inner : [index, ...inner]);
}

/** An item of what is iterated, or what stands at a path of places in it. */
function itemOf(document: SourceDocument, iterable: SyntaxNode, path: readonly number[]): Binding {
  if (iterable.name === "CallExpression") {
    return itemOfCall(document, iterable, path);
  }
  return path.length === 0 ? itemsOfChain(document, iterable) : UNKNOWN;
}

function itemOfCall(document: SourceDocument, call: SyntaxNode, path: readonly number[]): Binding {
  const [index = -1, ...rest] = path;
  const name = calleeName(document, call) ?? "";
  const given = argumentsOf(document, call).map(({ value }) => value);
  const [first, zipped] = [given[0], given[index]];
  switch (name) {
    case "enumerate":
      return first !== undefined && index === 1 ? itemOf(document, first, rest) : UNKNOWN;
    case "zip":
      return zipped === undefined ? UNKNOWN : itemOf(document, zipped, rest);
    default:
      return first !== undefined && SAME_ITEMS.test(name)
        ? itemOf(document, first, path)
        : listedBy(document, call, index);
  }
}

/** `model.named_children()` and `heads.items()` list pairs, `model.children()` and `heads.values()` the modules. */
function listedBy(document: SourceDocument, call: SyntaxNode, index: number): Binding {
  const name = calleeName(document, call) ?? "";
  const owner = call.firstChild?.firstChild ?? null;
  const isListed = PAIRS.test(name) ? index === 1 : VALUES.test(name) && index === -1;
  return isListed && owner !== null ? itemsOfChain(document, owner) : UNKNOWN;
}

/** `self.layers` has items that nobody names; `(self.wq, self.wk)` writes them down. */
function itemsOfChain(document: SourceDocument, list: SyntaxNode): Binding {
  const isWritten = list.name === "TupleExpression" || list.name === "ArrayExpression";
  const nodes = isWritten ? splitAtCommas(list).flat() : [list];
  const chains = nodes.flatMap((node) => chainOf(document, node) ?? []);
  return chains.length === 0 ? UNKNOWN : { kind: "chain", chains, isItem: !isWritten };
}
