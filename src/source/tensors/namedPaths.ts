import type { SyntaxNode } from "@lezer/common";
import { bindingOf } from "../python/bindings.ts";
import type { Binding } from "../python/binding.ts";
import type { Chain, Link, Segment } from "../python/chain.ts";
import type { SourceDocument } from "../document.ts";
import { moduleClasses, placesOf } from "./moduleClasses.ts";
import type { ModuleClass } from "./moduleClasses.ts";
import { enclosing, textOf } from "../python/syntax.ts";

/** A chain as the beginning of tensors' names. */
export interface NamedPath {
  readonly segments: readonly Segment[];
  /** How many segments at the beginning the names may lack: a variable's own name is no part of them. */
  readonly optional: number;
  /** What the class that the chain starts in has beside the chain's first link; undefined when that is none of its members. */
  readonly siblings: readonly string[] | undefined;
}

const MODEL =
  /^(?:\w+_)?(?:model|net|network|transformer|encoder|decoder|generator|discriminator|policy|actor|critic|student|teacher|backbone|gpt|llm|vae|unet|classifier|engine)(?:_?(?:\d+|[A-Z]|ema|raw|parts?))?$/;
const MAPPING =
  /^(?:\w+_)?(?:params|gradients|grads|state_dict|sd|weights|variables|updates|tensors|ckpt|checkpoint)(?:_\w+)?$/;
const TENSORLESS = /Dropout|DropPath|LU$|Tanh|Sigmoid|Softmax|Identity|Pool|Flatten|Activation|Loss|Config|Buffer/;
const MOST_STEPS = 6; // Variables that stand for each other; also ends circles.
const LINKS_TO_MODEL = 2; // `trainer.model`, `self.state.params`.

/** The paths that a chain can stand for, none when it does not begin in a model. */
export function namedPaths(document: SourceDocument, chain: Chain, steps = 0): readonly NamedPath[] {
  const owner = ownerOf(document, chain.root);
  const isBare = chain.links.length === 0 && steps === 0;
  if (owner !== undefined) {
    const paths = owner.isModule ? pathsInClass(document, owner, chain.links) : conventional(chain.links, []);
    return isBare ? [] : paths;
  }
  const binding = bindingOf(document, chain.root);
  const bound = binding === undefined || steps >= MOST_STEPS ? [] : boundPaths(document, binding, { chain, steps });
  if (bound.length > 0 || isBare || binding?.kind === "import") {
    return bound;
  }
  return conventional(chain.links, [textOf(document, chain.root)]);
}

/** The class whose method's first parameter, `self`, a root is. */
function ownerOf(document: SourceDocument, root: SyntaxNode): ModuleClass | undefined {
  const name = textOf(document, root);
  return name === "self" ? classAt(document, root) : undefined;
}

/** The top-level class around a node. */
export function classAt(document: SourceDocument, node: SyntaxNode): ModuleClass | undefined {
  return enclosing(node, ["ClassDefinition"]) === undefined
    ? undefined
    : moduleClasses(document).find((each) => each.node.from <= node.from && node.to <= each.node.to);
}

function pathsInClass(document: SourceDocument, owner: ModuleClass, links: readonly Link[]): readonly NamedPath[] {
  const first = links[0]?.segment ?? "";
  return placesOf(moduleClasses(document), owner.name).map((place) => ({
    ...conventionallyOptional([...place, ...links.map(({ segment }) => segment)]),
    siblings: siblingsOf(owner, first, place),
  }));
}

/** The other members with tensors of a class that is outermost in its file; the place of any other says more. */
function siblingsOf(owner: ModuleClass, first: string, place: readonly Segment[]): readonly string[] | undefined {
  if (!owner.members.some(({ path }) => path[0] === first)) {
    return undefined;
  }
  const others = owner.members.flatMap(({ path, className }) =>
    typeof path[0] === "string" && path[0] !== first && !TENSORLESS.test(className ?? "") ? [path[0]] : [],
  );
  return place.length === 0 ? others : [];
}

/** `model.transformer.h[0]`: the names may lack `model`, and they may lack `transformer`. */
function conventionallyOptional(segments: readonly Segment[]): Pick<NamedPath, "segments" | "optional"> {
  const firstOther = segments.findIndex((segment) => segment === null || !MODEL.test(segment));
  return { segments, optional: firstOther < 0 ? segments.length : firstOther };
}

function boundPaths(
  document: SourceDocument,
  binding: Binding,
  from: { chain: Chain; steps: number },
): readonly NamedPath[] {
  const links = from.chain.links.map(({ segment }) => segment);
  if (binding.kind === "instance") {
    const isModule = moduleClasses(document).some(({ name, isModule: is }) => is && name === binding.className);
    return isModule ? [{ segments: links, optional: 0, siblings: undefined }] : [];
  }
  if (binding.kind !== "chain") {
    return [];
  }
  return binding.chains
    .flatMap((start) => namedPaths(document, start, from.steps + 1))
    .map((path) => {
      const segments = [...path.segments, ...(binding.isItem ? [null] : []), ...links];
      return { ...path, segments };
    });
}

/** A chain whose first names say that a model or a mapping of tensors follows: `model.…`, `state.params[…]`. */
function conventional(links: readonly Link[], root: readonly string[]): readonly NamedPath[] {
  const segments = [...root, ...links.map(({ segment }) => segment)];
  const first = segments.findIndex(isModelOrMapping);
  if (first >= 0 && first <= LINKS_TO_MODEL) {
    const rest = segments.findIndex((segment, index) => index > first && !isModelOrMapping(segment));
    // `model.encoder` names a part of a model, `self.model` a whole one.
    const onlyModels = first === 0 && segments.length > 1 ? segments.length - 1 : segments.length;
    return [{ segments, optional: rest < 0 ? onlyModels : rest, siblings: undefined }];
  }
  return wholeName(links, root.length);
}

function isModelOrMapping(segment: Segment): boolean {
  return segment !== null && (MODEL.test(segment) || MAPPING.test(segment));
}

/** `anything["layers.0.weight"]`: only a string that is a whole name says enough. */
function wholeName(links: readonly Link[], before: number): readonly NamedPath[] {
  const texts = links.filter(({ isText, start }) => isText && start === links.at(-1)?.start);
  const segments = [...Array<Segment>(before).fill(null), ...links.map(({ segment }) => segment)];
  return texts.length < 2 ? [] : [{ segments, optional: segments.length - texts.length, siblings: undefined }];
}
