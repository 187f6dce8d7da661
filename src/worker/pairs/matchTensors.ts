import { plainName } from "#core/names/plainName.ts";
import type { TensorEntry } from "#core/tensor.ts";

export interface MatchedTensors {
  readonly pairs: readonly (readonly [before: TensorEntry, after: TensorEntry])[];
  readonly missing: readonly TensorEntry[];
  readonly added: readonly TensorEntry[];
}

/**
 * Tensors of one kind and name, in the order of the second checkpoint; of the others those whose names differ only in what
 * wrappers put around them, where that leaves no doubt.
 */
export function matchTensors(before: readonly TensorEntry[], after: readonly TensorEntry[]): MatchedTensors {
  const exact = byUniqueKey(before, ({ kind, name }) => `${kind} ${name}`);
  const partners = new Map<TensorEntry, TensorEntry>();
  for (const entry of after) {
    const partner = exact.get(`${entry.kind} ${entry.name}`);
    if (partner !== undefined) {
      partners.set(entry, partner);
    }
  }
  const taken = new Set(partners.values());
  const leftBefore = byUniqueKey(
    before.filter((entry) => !taken.has(entry)),
    plainKey,
  );
  const leftAfter = byUniqueKey(
    after.filter((entry) => !partners.has(entry)),
    plainKey,
  );
  for (const [key, entry] of leftAfter) {
    const partner = leftBefore.get(key);
    if (partner !== undefined) {
      partners.set(entry, partner);
    }
  }
  const found = new Set(partners.values());
  return {
    pairs: after.flatMap((entry) => {
      const partner = partners.get(entry);
      return partner === undefined ? [] : [[partner, entry] as const];
    }),
    missing: before.filter((entry) => !found.has(entry)),
    added: after.filter((entry) => !partners.has(entry)),
  };
}

function plainKey({ kind, name }: TensorEntry): string {
  return `${kind} ${plainName(name)}`;
}

/** Without those that share a key. */
function byUniqueKey(entries: readonly TensorEntry[], keyOf: (entry: TensorEntry) => string): Map<string, TensorEntry> {
  const found = new Map<string, TensorEntry>();
  const several = new Set<string>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (found.has(key)) {
      several.add(key);
    }
    found.set(key, entry);
  }
  several.forEach((key) => found.delete(key));
  return found;
}
