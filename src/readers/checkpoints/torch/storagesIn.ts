import type { PicklePersistent } from "../pickle/values.ts";
import { storageOf } from "./storage.ts";
import type { StorageReference } from "./strided.ts";

/** All storages that a pickle refers to, by key; of several references the first, as torch itself takes them. */
export function storagesIn(persistent: readonly PicklePersistent[]): ReadonlyMap<string, StorageReference> {
  const found = new Map<string, StorageReference>();
  for (const record of persistent) {
    const reference = storageOf(record);
    if (reference !== undefined && !found.has(reference.key)) {
      found.set(reference.key, reference);
    }
  }
  return found;
}
