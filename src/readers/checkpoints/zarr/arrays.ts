import type { NotRead } from "#core/checkpoint.ts";
import { malformed, ok, type Outcome, type ReadFailure, unsupported } from "#core/outcome.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

import { parseJson } from "../shared/jsonFields.ts";
import { tensorLabel } from "../shared/tensorLabel.ts";
import type { TreeLeaf } from "../shared/treeKind.ts";
import { takeInOrder, type StoredValue, type ValueStore } from "../shared/valueStore.ts";
import { type ZarrPlace, zarrParts } from "./chunks.ts";
import type { ZarrArray } from "./grid.ts";
import { parseZarr2 } from "./version2.ts";
import { parseZarr3 } from "./version3.ts";

/** How the arrays of a store are called, and what is known of them from elsewhere. */
export interface ZarrOptions {
  readonly nameOf: (path: string) => string;
  readonly isScalar?: (path: string) => boolean;
  /** Hears of each array, also of those that are not read. */
  readonly onArray?: (path: string) => void;
  readonly leavesOutFill: boolean;
  /** What one checkpoint may take in memory, shared by its stores. */
  readonly budget: ZarrBudget;
}

export interface ZarrBudget {
  parts: number;
  /** Metadata that were parsed, by their text. */
  readonly known: Map<string, Outcome<ZarrArray> | undefined>;
  readonly inline: { bytes: number };
}

/** Enough for the chunks of every checkpoint that is not cut into crumbs; each part takes some 300 bytes. */
const MAX_PARTS = 300_000;
/** Values below a kilobyte lie inside the index of an OCDBT database: biases and scales, a few hundred bytes each. */
const MAX_INLINE_BYTES = 32_000_000;

export function createZarrBudget(): ZarrBudget {
  return { parts: MAX_PARTS, known: new Map(), inline: { bytes: MAX_INLINE_BYTES } };
}

export interface ZarrArrays {
  readonly leaves: readonly TreeLeaf[];
  readonly notRead: readonly NotRead[];
  readonly notes: readonly string[];
}

/** Why a checkpoint has nothing to show, when all its arrays are of kinds that are not read. */
export function noneRead({ leaves, notRead }: Pick<ZarrArrays, "leaves" | "notRead">): ReadFailure | undefined {
  const [first] = notRead;
  return leaves.length > 0 || first === undefined
    ? undefined
    : unsupported(
        t(
          "None of {0} arrays can be read by Gradlens. The first, {1}, is {2}.",
          notRead.length,
          first.name,
          first.what,
        ),
      );
}

/** All arrays of a store, of both versions of Zarr. What is wrong with one array is a note, unless it may still be written. */
export async function readZarrArrays(store: ValueStore, options: ZarrOptions): Promise<Outcome<ZarrArrays>> {
  const leaves: TreeLeaf[] = [];
  const notRead: NotRead[] = [];
  const notes: string[] = [];
  const failure = await takeInOrder(metadataKeys(store.keys), {
    map: async (key) => readArray(store, key, options),
    take(array) {
      if (array === undefined) {
        return;
      }
      notes.push(...array.notes);
      if (array.leaf !== undefined) {
        leaves.push(array.leaf);
      }
      if (array.notRead !== undefined) {
        notRead.push(array.notRead);
      }
    },
  });
  return failure ?? ok({ leaves, notRead, notes });
}

const ZARR_METADATA = /^(?:(.*)\/)?(?:\.zarray|zarr\.json)$/;

function metadataKeys(keys: readonly string[]): readonly string[] {
  return keys.filter((key) => ZARR_METADATA.test(key));
}

interface ReadArray {
  readonly leaf?: TreeLeaf;
  readonly notRead?: NotRead;
  readonly notes: readonly string[];
}

async function readArray(
  store: ValueStore,
  key: string,
  options: ZarrOptions,
): Promise<Outcome<ReadArray | undefined>> {
  const path = ZARR_METADATA.exec(key)?.[1] ?? "";
  const name = options.nameOf(path);
  const value = await store.find(key);
  const array = value && (await readMetadata(store, { key, value, known: options.budget.known }));
  if (value === undefined || array === undefined) {
    return ok(undefined);
  }
  options.onArray?.(path);
  if (array.kind !== "ok") {
    return ok(describeUnread(name, array));
  }
  const place = {
    store,
    prefix: path === "" ? "" : `${path}/`,
    file: value.file,
    leavesOutFill: options.leavesOutFill,
    inlineBudget: options.budget.inline,
  };
  const isScalar = options.isScalar?.(path) === true;
  return leafOf({ name, isScalar, array: array.value }, { place, budget: options.budget });
}

// Attributes that people add may be long, but not like this.
const MAX_METADATA_BYTES = 1_000_000;

interface Metadata {
  readonly key: string;
  readonly value: StoredValue;
  readonly known: Map<string, ParsedArray>;
}

/** Undefined for a group. */
type ParsedArray = Outcome<ZarrArray> | undefined;

/** Layers of a model have the same metadata as the layers before: each text is parsed once. */
async function readMetadata(store: ValueStore, { key, value, known }: Metadata): Promise<ParsedArray> {
  if (value.byteLength > MAX_METADATA_BYTES) {
    return malformed(
      0,
      t("{0} has {1} bytes; up to {2} are read.", tensorLabel(key), value.byteLength, MAX_METADATA_BYTES),
    );
  }
  const bytes = await store.read(value, 0, value.byteLength);
  const text = key.slice(key.lastIndexOf("/") + 1) + Buffer.from(bytes).toString("latin1");
  const before = known.get(text);
  if (before !== undefined) {
    return before;
  }
  const json = parseJson(bytes);
  const array = isGroup(json) ? undefined : parseArray(key, json);
  if (array?.kind === "ok" && known.size < MAX_KNOWN) {
    known.set(text, array);
  }
  return array;
}

const MAX_KNOWN = 1000;

function isGroup(json: unknown): boolean {
  return typeof json === "object" && json !== null && "node_type" in json && json.node_type === "group";
}

function parseArray(key: string, json: unknown): Outcome<ZarrArray> {
  if (json === undefined) {
    return malformed(0, t("{0} is not JSON.", tensorLabel(key)));
  }
  return key.endsWith(".zarray") ? parseZarr2(json) : parseZarr3(json);
}

function describeUnread(name: string, failure: ReadFailure): ReadArray {
  return failure.kind === "unsupported"
    ? { notRead: { name: tensorLabel(name), what: failure.what }, notes: [] }
    : { notes: [`${tensorLabel(name)}: ${failure.kind === "malformed" ? failure.what : describeFailure(failure)}`] };
}

interface NamedArray {
  readonly name: string;
  readonly isScalar: boolean;
  readonly array: ZarrArray;
}

interface LeafContext {
  readonly place: ZarrPlace;
  readonly budget: ZarrBudget;
}

async function leafOf(
  { name, isScalar, array }: NamedArray,
  { place, budget }: LeafContext,
): Promise<Outcome<ReadArray>> {
  const chunks = array.grid.total * (array.shard?.total ?? 1);
  budget.parts -= chunks;
  if (budget.parts < 0) {
    budget.parts += chunks;
    const what = t("an array in {0} chunks; a checkpoint may have {1} altogether", chunks, MAX_PARTS);
    return ok({ notRead: { name: tensorLabel(name), what }, notes: [] });
  }
  const found = await zarrParts(array, place);
  if (found.kind !== "ok") {
    return found;
  }
  const { parts, lost } = found.value;
  const { dtype, shape, elements } = array;
  const leaf = { name, dtype, shape, elements, file: parts[0]?.file ?? place.file, parts, isScalar };
  return ok({ leaf, notes: lost.length === 0 ? [] : [noteOnLost(name, lost)] });
}

function noteOnLost(name: string, [first = "", ...others]: readonly string[]): string {
  const [label, lost] = [tensorLabel(name), tensorLabel(first)];
  return others.length === 0
    ? t("{0}: {1}. The tensor has no norm.", label, lost)
    : t("{0}: {1}, and {2} more are missing or damaged. The tensor has no norm.", label, lost, others.length);
}
