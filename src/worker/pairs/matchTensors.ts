import { plainName } from "#core/names/plainName.ts";
import type { TensorEntry } from "#core/tensor.ts";

export interface MatchedTensors {
  readonly pairs: readonly (readonly [before: TensorEntry, after: TensorEntry])[];
  readonly missing: readonly TensorEntry[];
  readonly added: readonly TensorEntry[];
}

type KeyOf = (entry: TensorEntry) => string;

/**
 * Tensors of one kind and name, in the order of the second checkpoint; of the others those whose names differ only in what
 * wrappers put around them, or of one shape in a first part (`model.`, `bert.`), where that leaves no doubt.
 */
export function matchTensors(before: readonly TensorEntry[], after: readonly TensorEntry[]): MatchedTensors {
  const partners = new Map<TensorEntry, TensorEntry>();
  const taken = new Set<TensorEntry>();
  for (const [keyBefore, keyAfter] of STAGES) {
    const left = byUniqueKey(before, taken, keyBefore);
    for (const [key, entry] of byUniqueKey(after, partners, keyAfter)) {
      const partner = left.get(key);
      if (partner !== undefined) {
        partners.set(entry, partner);
        taken.add(partner);
      }
    }
  }
  return {
    pairs: after.flatMap((entry) => {
      const partner = partners.get(entry);
      return partner === undefined ? [] : [[partner, entry] as const];
    }),
    missing: before.filter((entry) => !taken.has(entry)),
    added: after.filter((entry) => !partners.has(entry)),
  };
}

const STAGES: readonly (readonly [before: KeyOf, after: KeyOf])[] = [
  [exactKey, exactKey],
  [plainKey, plainKey],
  [shapedKey, shortKey],
  [shortKey, shapedKey],
];

function exactKey({ kind, name }: TensorEntry): string {
  return `${kind} ${name}`;
}

function plainKey({ kind, name }: TensorEntry): string {
  return `${kind} ${plainName(name)}`;
}

function shapedKey(entry: TensorEntry): string {
  return `${plainKey(entry)} ${entry.shape.join("×")}`;
}

/** Without the first part of the name. */
function shortKey(entry: TensorEntry): string {
  return shapedKey(entry).replace(/ [^. ]+\./, " ");
}

/** Those that are not taken yet, without those that share a key. */
function byUniqueKey(
  entries: readonly TensorEntry[],
  taken: { readonly has: (entry: TensorEntry) => boolean },
  keyOf: KeyOf,
): ReadonlyMap<string, TensorEntry> {
  const found = new Map<string, TensorEntry>();
  const several = new Set<string>();
  for (const entry of entries.filter((one) => !taken.has(one))) {
    const key = keyOf(entry);
    if (found.has(key)) {
      several.add(key);
    }
    found.set(key, entry);
  }
  several.forEach((key) => found.delete(key));
  return found;
}
