/** What belongs to names that stand in bytes, found without making a string of every one. */
export interface NameTable<T> {
  readonly at: (bytes: Uint8Array, start: number, end: number) => T;
  readonly all: () => readonly T[];
}

interface Entry<T> {
  readonly name: Uint8Array;
  readonly value: T;
  /** The entry that was asked for after this one: most logs repeat their names in the same order. */
  next: Entry<T> | null;
}

/** `create` is called once for every name, with a copy of its bytes. */
export function createNameTable<T>(create: (name: Uint8Array) => T): NameTable<T> {
  const values: T[] = [];
  const buckets = new Map<number, Entry<T>[]>();
  let last: Entry<T> | null = null;

  function find(bytes: Uint8Array, start: number, end: number): Entry<T> {
    const hash = hashOf(bytes, start, end);
    const bucket = buckets.get(hash) ?? [];
    let entry = bucket.find(({ name }) => isEqual(name, bytes, start, end));
    if (entry === undefined) {
      const name = bytes.slice(start, end);
      entry = { name, value: create(name), next: null };
      values.push(entry.value);
      bucket.push(entry);
      buckets.set(hash, bucket);
    }
    return entry;
  }

  return {
    at(bytes, start, end) {
      const guess = last?.next ?? null;
      const entry = guess !== null && isEqual(guess.name, bytes, start, end) ? guess : find(bytes, start, end);
      if (last !== null) {
        last.next = entry;
      }
      last = entry;
      return entry.value;
    },
    all: () => values,
  };
}

function isEqual(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) {
    return false;
  }
  for (let at = 0; at < name.length; at += 1) {
    if (name[at] !== bytes[start + at]) {
      return false;
    }
  }
  return true;
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  }
  return hash;
}
