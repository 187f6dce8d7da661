import { isRecord } from "../pickle/access.ts";
import type { PickleValue } from "../pickle/values.ts";
import { type StorageReference, storageOf } from "./storage.ts";

/** All storages that a pickle refers to, by key, wherever the references stand; of several the first. */
export function storagesIn(root: PickleValue): ReadonlyMap<string, StorageReference> {
  const found = new Map<string, StorageReference>();
  const seen = new Set<PickleValue>();
  const left: PickleValue[] = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (!isRecord(value) || seen.has(value)) {
      continue;
    }
    seen.add(value);
    const reference = value.kind === "persistent" ? storageOf(value) : undefined;
    if (reference !== undefined && !found.has(reference.key)) {
      found.set(reference.key, reference);
    }
    for (const child of childrenOf(value)) {
      left.push(child);
    }
  }
  return found;
}

type PickleRecord = Exclude<PickleValue, null | boolean | number | bigint | string>;

/** What a record holds, whatever it would make of it. */
export function* childrenOf(value: PickleRecord): Generator<PickleValue, void, undefined> {
  if ("items" in value) {
    yield* value.items ?? [];
  }
  if (value.kind === "dict" || value.kind === "object") {
    yield* value.keys ?? [];
    yield* value.values ?? [];
  }
  if (value.kind === "object") {
    yield value.args;
    yield value.state ?? null;
  }
}
