import { malformed, type Outcome, ok } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

import { classNameOf, type Columns, columnsOf, isObject, isRecord, itemsOf, textOf } from "./access.ts";
import type { PickleObject, PickleValue } from "./values.ts";

/** Hears what a walk comes by. */
export interface WalkVisitor {
  /** Whether an object, or a thing outside the pickle, is a leaf of its own; else it is walked if it can be. */
  readonly takes: (value: PickleValue, path: string) => boolean;
  /** A dict, before its values. */
  readonly onDict: (value: PickleValue, path: string) => void;
  /** An object of a class that is not walked. */
  readonly onUnknown: (object: PickleObject, path: string) => void;
}

/**
 * Walks dicts, lists and torch's modules; a path is their keys and places, joined by `/`. What contains itself is not
 * walked again inside itself.
 */
export function walkPickle(root: PickleValue, visitor: WalkVisitor): Outcome<void> {
  const walk: Walk = { visitor, ancestors: new Set(), seen: new Set(), repeats: 0, failure: undefined };
  visit(walk, root, "");
  return walk.failure === undefined ? ok(undefined) : malformed(0, walk.failure);
}

interface Walk {
  readonly visitor: WalkVisitor;
  readonly ancestors: Set<PickleValue>;
  readonly seen: Set<PickleValue>;
  /** Values that were come by again. */
  repeats: number;
  failure: string | undefined;
}

const MAX_DEPTH = 200;
// Records that share others can be walked along more paths than there are records: 2 to the power of their depth.
const MAX_REPEATS = 2_000_000;

function visit(walk: Walk, value: PickleValue, path: string): void {
  if (!isRecord(value) || walk.failure !== undefined || walk.ancestors.has(value) || walk.visitor.takes(value, path)) {
    return;
  }
  const children = childrenOf(walk, value, path);
  walk.repeats += walk.seen.has(value) ? 1 + children.names.length : 0;
  walk.seen.add(value);
  walk.failure = faultOf(walk);
  walk.ancestors.add(value);
  for (const [index, name] of children.names.entries()) {
    visit(walk, children.values[index] ?? null, path === "" ? name : `${path}/${name}`);
  }
  walk.ancestors.delete(value);
}

function faultOf({ repeats, ancestors }: Walk): string | undefined {
  if (repeats > MAX_REPEATS) {
    return t("The pickle holds the same values more than {0} times. This is no checkpoint.", MAX_REPEATS);
  }
  return ancestors.size >= MAX_DEPTH ? t("The pickle is nested deeper than {0} levels.", MAX_DEPTH) : undefined;
}

interface Children {
  readonly names: readonly string[];
  readonly values: readonly PickleValue[];
}

function childrenOf({ visitor }: Walk, value: PickleValue, path: string): Children {
  const module = isObject(value) ? moduleEntries(value) : undefined;
  if (module !== undefined) {
    return named(module);
  }
  const items = itemsOf(value);
  if (items !== undefined) {
    return numbered(items);
  }
  const columns = columnsOf(value);
  if (columns !== undefined) {
    visitor.onDict(value, path);
    return named(columns);
  }
  if (isObject(value) && value.items !== undefined) {
    return numbered(value.items);
  }
  if (isObject(value) && !PLAIN_CLASS.test(classNameOf(value))) {
    visitor.onUnknown(value, path);
  }
  return numbered([]);
}

function numbered(values: readonly PickleValue[]): Children {
  return { names: values.map((_, index) => String(index)), values };
}

/** Values like numbers and texts, which hold no tensors. */
const PLAIN_CLASS =
  /^(torch\.(device|dtype|Size|Generator|serialization\._get_layout)|numpy\.(_?core\.multiarray\.scalar|dtype)|_codecs\.encode|datetime\.\w+|pathlib\.\w+|decimal\.Decimal|uuid\.UUID|collections\.\w+|(builtins|__builtin__)\.(complex|range|xrange|slice|bytearray|object|set|frozenset|list|dict|tuple|int|float|str))$/;

/** Of a whole `torch.nn.Module` its tensors and modules, of a module of TorchScript its attributes. */
function moduleEntries(object: PickleObject): Columns | undefined {
  const { state } = object;
  const attributes =
    columnsOf(state) ??
    itemsOf(state)
      ?.map((item) => columnsOf(item))
      .find((columns) => columns !== undefined);
  if (attributes === undefined || classNameOf(object).startsWith("__torch__.")) {
    return attributes;
  }
  const own = attributes.keys.flatMap((key, index) => (MODULE_DICTS.has(textOf(key) ?? "") ? [index] : []));
  const columns = {
    keys: own.map((index) => attributes.keys[index] ?? null),
    values: own.map((index) => attributes.values[index] ?? null),
  };
  return own.length === 0 ? undefined : columns;
}

const MODULE_DICTS: ReadonlySet<string> = new Set(["_parameters", "_buffers", "_modules"]);

/** Of a key that comes twice the later value. */
function named({ keys, values }: Columns): Children {
  const names = keys.map(nameOf);
  if (new Set(names).size === names.length) {
    return { names, values };
  }
  const last = new Map(names.map((name, index) => [name, values[index] ?? null]));
  return { names: Array.from(last.keys()), values: Array.from(last.values()) };
}

function nameOf(key: PickleValue, index: number): string {
  const text = textOf(key);
  if (text !== undefined) {
    return text;
  }
  const items = itemsOf(key)?.map((item) => nameOf(item, index));
  return items?.join(",") ?? (isRecord(key) ? `#${index}` : String(key));
}
