import type { SyntaxNode } from "@lezer/common";
import type { SourceDocument, TextRange } from "../document.ts";
import { argumentsOf, calleeName, childrenOf, numberValue, splitAtCommas, stringValue, textOf } from "./syntax.ts";

/** A segment of a tensor's name; null stands for one that the source does not tell: `layers[i]`. */
export type Segment = string | null;

export interface Link extends TextRange {
  readonly segment: Segment;
  /** From a string: it may be a whole name. */
  readonly isText: boolean;
}

/** `model.layers[3].attn` is the root `model` and the links `layers`, `3` and `attn`. */
export interface Chain {
  readonly root: SyntaxNode;
  readonly links: readonly Link[];
}

// Methods and functions that look a name up in a model or mapping of tensors.
const LOOKUPS = /^(?:get_(?:submodule|parameter|buffer|layer|tensor|parameter_or_buffer)|get|pop)$/;
// What gives the same tensors by name.
const MAPPINGS = /^(?:named_parameters|named_buffers|state_dict|model_state_dict|trainable_variables)$/;
const WRAPPERS =
  /^(?:dict|OrderedDict|list|tuple|reversed|unfreeze|freeze|flatten_dict|unwrap_model|unwrap|compile|DDP|FSDP|DistributedDataParallel|FullyShardedDataParallel|DataParallel|fully_shard|prepare_model|deepcopy|setup_module)$/;

// What a string can say of a name: a name, or a position as a key.
const NAME = /^(?:[A-Za-z_][\w-]*(?:[./][\w-]+)*|\d+)$/;

/** The chain that an expression is; undefined when it is none. */
export function chainOf(document: SourceDocument, node: SyntaxNode): Chain | undefined {
  switch (node.name) {
    case "VariableName":
      return { root: node, links: [] };
    case "MemberExpression":
      return memberChain(document, node);
    case "CallExpression":
      return callChain(document, node);
    case "ParenthesizedExpression":
      return node.firstChild?.nextSibling ? chainOf(document, node.firstChild.nextSibling) : undefined;
    default:
      return undefined;
  }
}

function memberChain(document: SourceDocument, node: SyntaxNode): Chain | undefined {
  const { firstChild: owner, lastChild: last } = node;
  const chain = owner === null ? undefined : chainOf(document, owner);
  if (chain === undefined || last === null) {
    return undefined;
  }
  if (last.name === "PropertyName") {
    return extend(chain, [{ segment: textOf(document, last), isText: false, start: last.from, end: last.to }]);
  }
  return last.name === "]" ? extend(chain, indexLinks(document, node)) : undefined;
}

/** The links of `[3]`, `["name"]`, `[i]` and `["a", "b"]`. */
function indexLinks(document: SourceDocument, member: SyntaxNode): readonly Link[] {
  const inside = childrenOf(member).slice(2, -1);
  const [index] = inside;
  if (inside.some(({ name }) => name === ":")) {
    return []; // A slice of a list names the same tensors.
  }
  if (index === undefined || inside.length > 1) {
    return [unknown(member.to)];
  }
  if (index.name === "TupleExpression") {
    return splitAtCommas(index).flatMap(([item]) => (item === undefined ? [] : valueLinks(document, item)));
  }
  return valueLinks(document, index);
}

function valueLinks(document: SourceDocument, value: SyntaxNode): readonly Link[] {
  const text = stringValue(document, value);
  if (text !== undefined && NAME.test(text)) {
    return textLinks(text, { start: value.from, end: value.to });
  }
  const position = numberValue(document, value);
  const isPosition = position !== undefined && Number.isInteger(position) && position >= 0;
  return isPosition
    ? [{ segment: String(position), isText: false, start: value.from, end: value.to }]
    : [unknown(value.to)];
}

/** A name in a string as links that all stand where the string stands. */
function textLinks(text: string, range: TextRange): readonly Link[] {
  return segmentsOf(text).map((segment) => ({ segment, isText: true, ...range }));
}

/** `a.b/c[0]` as a, b, c and 0. */
export function segmentsOf(name: string): readonly string[] {
  return name.split(/[./[\]]+/).filter((segment) => segment !== "");
}

function unknown(at: number): Link {
  return { segment: null, isText: false, start: at, end: at };
}

/** A call that gives a part of a model, or the same model again: `model.get_submodule("h.0")`, `DDP(model)`. */
function callChain(document: SourceDocument, call: SyntaxNode): Chain | undefined {
  const name = calleeName(document, call);
  const owner = call.firstChild?.name === "MemberExpression" ? call.firstChild.firstChild : null;
  const given = argumentsOf(document, call).map(({ value }) => value);
  if (name === undefined) {
    return undefined;
  }
  if (owner !== null && LOOKUPS.test(name)) {
    return lookupChain(document, owner, given[0]);
  }
  if (owner !== null && MAPPINGS.test(name)) {
    return chainOf(document, owner);
  }
  if (name === "getattr") {
    return lookupChain(document, given[0], given[1]);
  }
  return given[0] !== undefined && WRAPPERS.test(name) ? chainOf(document, given[0]) : undefined;
}

function lookupChain(
  document: SourceDocument,
  owner: SyntaxNode | undefined,
  name: SyntaxNode | undefined,
): Chain | undefined {
  const chain = owner === undefined ? undefined : chainOf(document, owner);
  return chain === undefined || name === undefined || name.name !== "String"
    ? undefined
    : extend(chain, valueLinks(document, name));
}

function extend(chain: Chain, links: readonly Link[]): Chain {
  return { root: chain.root, links: [...chain.links, ...links] };
}
