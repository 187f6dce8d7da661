import type { SyntaxNode } from "@lezer/common";
import type { Segment } from "../python/chain.ts";
import type { SourceDocument } from "../document.ts";
import { compactMembers } from "./flaxCompact.ts";
import { membersOf } from "./moduleMembers.ts";
import type { Member } from "./moduleMembers.ts";
import { dottedPath, rangeOf, splitAtCommas, textOf } from "../python/syntax.ts";
import { identifiersIn } from "../python/words.ts";

/** A class of a file, with the modules and parameters that its methods create. */
export interface ModuleClass {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly bases: readonly string[];
  /** Whether it owns tensors: an nn.Module, a Keras layer, a class that makes parameters. */
  readonly isModule: boolean;
  readonly members: readonly Member[];
}

const MODULE_BASES =
  /^(?:(?:\w+\.)*(?:\w*Module|\w*PreTrainedModel|Sequential|ModuleList|ModuleDict|Layer|\w*ForCausalLM)|(?:tf\.)?keras\.(?:models\.)?Model)$/;
const APPLIED = /\b(?:forward|call|__call__|training_step)\b/g;
const MOST_PLACES = 32; // More say nothing to a reader.
const cache = new WeakMap<SourceDocument, readonly ModuleClass[]>();

/** The classes at the top of a file; found once per version of a document. */
export function moduleClasses(document: SourceDocument): readonly ModuleClass[] {
  const known = cache.get(document);
  if (known !== undefined) {
    return known;
  }
  const classes = (document.tree?.topNode.getChildren("ClassDefinition") ?? [])
    .concat(
      (document.tree?.topNode.getChildren("DecoratedStatement") ?? []).flatMap((node) =>
        node.getChildren("ClassDefinition"),
      ),
    )
    .map((node) => readClass(document, node));
  const modules = withInherited(classes);
  cache.set(document, modules);
  return modules;
}

function readClass(document: SourceDocument, node: SyntaxNode): ModuleClass {
  const name = node.getChild("VariableName");
  const list = node.getChild("ArgList");
  const bases = (list === null ? [] : splitAtCommas(list)).flatMap((base) => {
    const path = base.length === 1 && base[0] !== undefined ? dottedPath(document, base[0]) : undefined;
    return path === undefined ? [] : [path.join(".")];
  });
  const members = [...membersOf(document, node), ...compactMembers(document, node)];
  const isModule = bases.some((base) => MODULE_BASES.test(base)) || looksLikeModule(document, node, { bases, members });
  return { name: name === null ? "" : textOf(document, name), node, bases, isModule, members };
}

/** A class on top of one that nobody knows is a module when it makes layers and has a method that applies them. */
function looksLikeModule(
  document: SourceDocument,
  node: SyntaxNode,
  { bases, members }: Pick<ModuleClass, "bases" | "members">,
): boolean {
  const isApplied = identifiersIn(document, APPLIED, rangeOf(node)).some(
    ({ parent }) => parent?.name === "FunctionDefinition",
  );
  return bases.some((base) => base !== "object") && members.some(({ isEvidence }) => isEvidence) && isApplied;
}

/** A class whose base in the same file is a module is one too. */
function withInherited(classes: readonly ModuleClass[]): readonly ModuleClass[] {
  const names = new Set(classes.filter(({ isModule }) => isModule).map(({ name }) => name));
  const marked = classes.map((each) => ({
    ...each,
    isModule: each.isModule || each.bases.some((base) => names.has(base)),
  }));
  return marked.some(({ isModule }, index) => isModule !== classes[index]?.isModule) ? withInherited(marked) : marked;
}

/**
 * Where a class stands in the models of its file, as paths from the outermost: `Block` of a GPT at `transformer`, `h`, null.
 * A class that no other creates is outermost, at the empty path. A class stands where those that inherit from it stand.
 */
export function placesOf(
  classes: readonly ModuleClass[],
  name: string,
  inside: readonly string[] = [],
): readonly (readonly Segment[])[] {
  if (inside.includes(name)) {
    return [];
  }
  const seen = [...inside, name];
  const created = classes.flatMap((owner) =>
    owner.isModule
      ? owner.members
          .filter(({ className }) => className === name)
          .flatMap(({ path }) => placesOf(classes, owner.name, seen).map((place) => [...place, ...path]))
      : [],
  );
  const heirs = classes
    .filter(({ bases }) => bases.includes(name))
    .flatMap((heir) => placesOf(classes, heir.name, seen));
  const places = [...created, ...heirs];
  const unique = new Map(places.map((place) => [place.map((segment) => segment ?? "*").join("."), place]));
  return places.length === 0 ? [[]] : Array.from(unique.values()).slice(0, MOST_PLACES);
}
