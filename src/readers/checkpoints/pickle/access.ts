import { t } from "@vscode/l10n";
import type { PickleBytes, PickleObject, PickleText, PickleValue } from "./values.ts";

/** The text of a value that is one, or of bytes that Python 2 wrote for it; undefined when it is long or something else. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === "string") {
    return value;
  }
  return isRecord(value) && value.kind === "text" ? value.text : undefined;
}

/** A whole number from 0 to 2⁵³ - 1. */
export function countOf(value: PickleValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function isRecord(
  value: PickleValue | undefined,
): value is Exclude<PickleValue, null | boolean | number | bigint | string> {
  return typeof value === "object" && value !== null;
}

export function isObject(value: PickleValue | undefined): value is PickleObject {
  return isRecord(value) && value.kind === "object";
}

export function isBytes(value: PickleValue | undefined): value is PickleBytes {
  return isRecord(value) && value.kind === "bytes";
}

export function isText(value: PickleValue | undefined): value is PickleText {
  return isRecord(value) && value.kind === "text";
}

/** `torch.Size` of a global; undefined for all else. */
export function globalNameOf(value: PickleValue | undefined): string | undefined {
  return isRecord(value) && value.kind === "global" ? value.name : undefined;
}

/** What an object was made by: its class, or the function that was to be called. */
export function classNameOf(object: PickleObject): string {
  const name = globalNameOf(object.callable);
  const made = name !== undefined && MAKERS.has(name) ? globalNameOf(argsOf(object)[0]) : undefined;
  return made ?? name ?? t("an object of a class made at run time");
}

const MAKERS: ReadonlySet<string> = new Set([
  "copyreg._reconstructor",
  "copy_reg._reconstructor",
  "copyreg.__newobj__",
]);

/** The arguments of the call that makes an object. */
export function argsOf({ args }: PickleObject): readonly PickleValue[] {
  return isRecord(args) && (args.kind === "tuple" || args.kind === "list") ? args.items : [];
}

/** Items of a tuple, a list, a set or torch.Size; undefined for all else. */
export function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (!isRecord(value)) {
    return undefined;
  }
  if (value.kind === "tuple" || value.kind === "list" || value.kind === "set") {
    return value.items;
  }
  if (value.kind !== "object" || !LISTS.has(classNameOf(value))) {
    return undefined;
  }
  return itemsOf(argsOf(value)[0]) ?? value.items ?? [];
}

const LISTS: ReadonlySet<string> = new Set([
  "torch.Size",
  "builtins.list",
  "builtins.tuple",
  "builtins.set",
  "builtins.frozenset",
  "__builtin__.set",
  "__builtin__.frozenset",
  "collections.deque",
]);

export type Pair = readonly [key: PickleValue, value: PickleValue];

/** Pairs in two lists: a dict may have a hundred thousand, and a record for each would be more than they are. */
export interface Columns {
  readonly keys: readonly PickleValue[];
  readonly values: readonly PickleValue[];
}

const NO_COLUMNS: Columns = { keys: [], values: [] };

/**
 * Keys and values of a dict, an OrderedDict or a defaultdict, and of any object that pairs were set in; undefined for all
 * else. Of a key that comes twice the later one comes later.
 */
export function columnsOf(value: PickleValue | undefined): Columns | undefined {
  if (!isRecord(value) || (value.kind !== "dict" && value.kind !== "object")) {
    return undefined;
  }
  const { keys = [], values = [] } = value;
  if (value.kind === "dict") {
    return { keys, values };
  }
  if (!DICTS.has(classNameOf(value))) {
    return keys.length > 0 ? { keys, values } : undefined;
  }
  const given = givenColumns(value);
  return given.keys.length === 0
    ? { keys, values }
    : { keys: [...given.keys, ...keys], values: [...given.values, ...values] };
}

/** The same as pairs. */
export function entriesOf(value: PickleValue | undefined): readonly Pair[] | undefined {
  const columns = columnsOf(value);
  return columns?.keys.map((key, index): Pair => [key, columns.values[index] ?? null]);
}

const DICTS: ReadonlySet<string> = new Set([
  "collections.OrderedDict",
  "collections.defaultdict",
  "collections.Counter",
  "builtins.dict",
  "__builtin__.dict",
]);

/** Python 2 hands an OrderedDict its pairs; others are handed a dict. */
function givenColumns(object: PickleObject): Columns {
  const given = argsOf(object).find((arg) => isRecord(arg) && arg.kind !== "global");
  const pairs = itemsOf(given)?.flatMap((item): Pair[] => {
    const [key, value] = itemsOf(item) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return pairs === undefined
    ? (columnsOf(given) ?? NO_COLUMNS)
    : { keys: pairs.map(([key]) => key), values: pairs.map(([, value]) => value) };
}

/** The value of a text key; the last one when there are several. */
export function valueAt(value: PickleValue | undefined, key: string): PickleValue | undefined {
  const columns = columnsOf(value);
  const index = columns?.keys.findLastIndex((own) => textOf(own) === key) ?? -1;
  return index < 0 ? undefined : (columns?.values[index] ?? null);
}
