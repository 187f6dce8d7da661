import type { SyntaxNode } from "@lezer/common";
import { chainOf } from "../python/chain.ts";
import type { Segment } from "../python/chain.ts";
import type { SourceDocument, TextRange } from "../document.ts";
import {
  argumentsOf,
  calleeName,
  dottedPath,
  rangeOf,
  splitAtCommas,
  stringValue,
  valueAssignedTo,
} from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";
import type { Argument } from "../python/syntax.ts";

/** A module or parameter that a class creates. */
export interface Member {
  /** From the class that owns it: `transformer`, `h`, null for a block in a list. */
  readonly path: readonly Segment[];
  /** The class of the module, as the file calls it; undefined for containers, parameters and what nobody knows. */
  readonly className: string | undefined;
  /** Whether only a module has such a member. */
  readonly isEvidence: boolean;
  /** Where its name stands when that is no attribute: a key of a ModuleDict, a string. */
  readonly nameRange: TextRange | undefined;
}

const LISTS = /^(?:ModuleList|Sequential|list|tuple|List)$/;
const DICTS = /^(?:ModuleDict|dict|OrderedDict|ParameterDict|Dict)$/;
const MODULE_PACKAGES =
  /^(?:torch\.nn|nn|nnx|flax\.linen|linen|keras\.layers|layers|tf\.keras\.layers|eqx\.nn|hk|L|te)$/;
const REGISTRATIONS = /^(?:register_parameter|register_buffer|add_module|register_module)$/;
// Where something is assigned below self or registered there; most that a class says of self only reads it.
const MADE = /\bself\b(?=(?:\.\w+|\[[^\]\n]*\])+\s*(?:=[^=]|:)|(?:\.\w+)*\.(?:register_\w+|add_module|append)\()/g;

/** The members that a class's methods create: assigned to attributes of self, registered by name, or appended. */
export function membersOf(document: SourceDocument, node: SyntaxNode): readonly Member[] {
  return identifiersIn(document, MADE, rangeOf(node)).flatMap((self) => membersAt(document, self));
}

function membersAt(document: SourceDocument, self: SyntaxNode): readonly Member[] {
  const target = wholeMember(self);
  const path = chainOf(document, target)?.links.map(({ segment }) => segment) ?? [];
  const [value, call] = [valueAssignedTo(target), target.parent];
  if (path.length === 0) {
    return [];
  }
  if (value !== undefined) {
    return membersFrom(document, value, { path, nameRange: undefined });
  }
  return call?.name === "CallExpression" ? registered(document, call, path) : [];
}

/** `self.a.b` for its `self`. */
function wholeMember(self: SyntaxNode): SyntaxNode {
  let whole = self;
  while (whole.parent?.name === "MemberExpression" && whole.parent.firstChild?.from === whole.from) {
    whole = whole.parent;
  }
  return whole;
}

/** `self.register_buffer("name", …)`, `self.layers.append(Block(…))`. */
function registered(document: SourceDocument, call: SyntaxNode, path: readonly Segment[]): readonly Member[] {
  const [first, second] = argumentsOf(document, call);
  const [owner, method] = [path.slice(0, -1), path.at(-1) ?? ""];
  if (first === undefined || path.length > 2) {
    return [];
  }
  if (method === "append") {
    return membersFrom(document, first.value, { path: [...owner, null], nameRange: undefined });
  }
  if (!REGISTRATIONS.test(method)) {
    return [];
  }
  const at = { path: [...owner, stringValue(document, first.value) ?? null], nameRange: rangeOf(first.value) };
  const made = second === undefined ? [] : membersFrom(document, second.value, at);
  return made.length > 0
    ? made
    : [{ ...at, className: method === "register_buffer" ? "Buffer" : undefined, isEvidence: true }];
}

type Place = Pick<Member, "path" | "nameRange">;

/** What an expression makes, and what stands in it when it is a container. */
function membersFrom(document: SourceDocument, value: SyntaxNode, place: Place): readonly Member[] {
  switch (value.name) {
    case "CallExpression":
      return membersFromCall(document, value, place);
    case "ArrayExpression":
    case "TupleExpression":
      return splitAtCommas(value).flatMap(([item, ...rest], index) =>
        item === undefined || rest.length > 0 ? [] : membersFrom(document, item, below(place, String(index))),
      );
    case "ArrayComprehensionExpression": {
      const item = value.firstChild?.nextSibling;
      return item ? membersFrom(document, item, below(place, null)) : [];
    }
    case "DictionaryExpression":
      return splitAtCommas(value).flatMap((nodes) => keyed(document, nodes.at(0), nodes.at(-1), place));
    case "ConditionalExpression":
      return [value.firstChild, value.lastChild].flatMap((side) =>
        side === null ? [] : membersFrom(document, side, place),
      );
    default:
      return [];
  }
}

function membersFromCall(document: SourceDocument, call: SyntaxNode, place: Place): readonly Member[] {
  const name = calleeName(document, call) ?? "";
  const isEvidence = isModuleCall(document, call);
  if (!LISTS.test(name) && !DICTS.test(name)) {
    return [{ ...place, className: /^[A-Z]/.test(name) ? name : undefined, isEvidence }];
  }
  const given = argumentsOf(document, call);
  const own: Member = { ...place, className: undefined, isEvidence };
  const only = onlyList(document, call);
  const inside =
    only === undefined
      ? given.flatMap((argument, index) => membersFrom(document, argument.value, argumentPlace(place, argument, index)))
      : containerItems(document, only, place);
  return [own, ...inside];
}

/** The list, dict or list of pairs that is all a container gets. */
function onlyList(document: SourceDocument, call: SyntaxNode): SyntaxNode | undefined {
  const [first, ...others] = argumentsOf(document, call);
  const only = first?.name === undefined && others.length === 0 ? first?.value : undefined;
  const isList = only !== undefined && (/^(?:Array|Dictionary|Tuple)/.test(only.name) || isDict(document, only));
  return isList || isDict(document, call) ? only : undefined;
}

function argumentPlace({ path, nameRange }: Place, { name, nameNode }: Argument, index: number): Place {
  return { path: [...path, name ?? String(index)], nameRange: nameNode === undefined ? nameRange : rangeOf(nameNode) };
}

function isDict(document: SourceDocument, call: SyntaxNode): boolean {
  return call.name === "CallExpression" && DICTS.test(calleeName(document, call) ?? "");
}

/** The items of the one list, dict or list of pairs that a container gets. */
function containerItems(document: SourceDocument, items: SyntaxNode, place: Place): readonly Member[] {
  const pairs = items.name === "ArrayExpression" ? splitAtCommas(items).map(([item]) => item) : [];
  if (pairs.length > 0 && pairs.every((pair) => pair?.name === "TupleExpression")) {
    return pairs.flatMap((pair) => {
      const [key, value] = pair === undefined ? [] : splitAtCommas(pair);
      return keyed(document, key?.[0], value?.[0], place);
    });
  }
  return membersFrom(document, items, place).filter(({ path }) => path.length > place.path.length);
}

function keyed(
  document: SourceDocument,
  key: SyntaxNode | undefined,
  value: SyntaxNode | undefined,
  place: Place,
): readonly Member[] {
  if (key === undefined || value === undefined || key === value) {
    return [];
  }
  const name = stringValue(document, key) ?? null;
  return membersFrom(document, value, { path: [...place.path, name], nameRange: rangeOf(key) });
}

function below(place: Place, segment: Segment): Place {
  return { path: [...place.path, segment], nameRange: place.nameRange };
}

/** `nn.Linear(…)`, `nn.Parameter(…)`: calls of what a framework calls a layer. */
function isModuleCall(document: SourceDocument, call: SyntaxNode): boolean {
  const path = call.firstChild === null ? undefined : dottedPath(document, call.firstChild);
  const [name, packageName] = [path?.at(-1) ?? "", path?.slice(0, -1).join(".") ?? ""];
  return /^[A-Z]/.test(name) && !name.endsWith("Loss") && (MODULE_PACKAGES.test(packageName) || name === "Parameter");
}
