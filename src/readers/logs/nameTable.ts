/** What belongs to names that stand in bytes, found without making a string of every one. */
export interface NameTable<T> {
  readonly at: (bytes: Uint8Array, start: number, end: number) => T;
  readonly of: (name: string) => T;
  readonly all: () => Iterable<T>;
}

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
  /** The entry that was asked for after this one: most logs repeat their names in the same order. */
  next: Entry<T> | null;
}

export function createNameTable<T>(create: (name: string) => T): NameTable<T> {
  const values = new Map<string, T>();
  const buckets = new Map<number, Entry<T>[]>();
  let last: Entry<T> | null = null;

  function of(name: string): T {
    let value = values.get(name);
    if (value === undefined) {
      value = create(name);
      values.set(name, value);
    }
    return value;
  }

  function find(bytes: Uint8Array, start: number, end: number): Entry<T> {
    const hash = hashOf(bytes, start, end);
    const bucket = buckets.get(hash) ?? [];
    let entry = bucket.find((one) => isEqual(one.bytes, bytes, start, end));
    if (entry === undefined) {
      const name = bytes.slice(start, end);
      entry = { bytes: name, value: of(new TextDecoder().decode(name)), next: null };
      bucket.push(entry);
      buckets.set(hash, bucket);
    }
    return entry;
  }

  return {
    at(bytes, start, end) {
      const guess = last?.next ?? null;
      const entry = guess !== null && isEqual(guess.bytes, bytes, start, end) ? guess : find(bytes, start, end);
      if (last !== null) {
        last.next = entry;
      }
      last = entry;
      return entry.value;
    },
    of,
    all: () => values.values(),
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
