/** What belongs to names that stand in bytes, found without making a string of every one. */
export interface NameTable<T> {
  readonly at: (view: DataView, start: number, end: number) => T;
  readonly all: () => readonly T[];
}

interface Entry<T> {
  readonly name: DataView;
  readonly value: T;
  /** The entry that was asked for after this one: most logs repeat their names in the same order. */
  next: Entry<T> | null;
}

/** `create` is called once for every name, with a copy of its bytes. */
export function createNameTable<T>(create: (name: Uint8Array) => T): NameTable<T> {
  const values: T[] = [];
  const buckets = new Map<number, Entry<T>[]>();
  let last: Entry<T> | null = null;

  function find(view: DataView, start: number, end: number): Entry<T> {
    const hash = hashOf(view, start, end);
    const bucket = buckets.get(hash) ?? [];
    let entry = bucket.find(({ name }) => name.byteLength === end - start && isEqual(name, view, start));
    if (entry === undefined) {
      const name = new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
      entry = { name: new DataView(name.buffer), value: create(name), next: null };
      values.push(entry.value);
      bucket.push(entry);
      buckets.set(hash, bucket);
    }
    return entry;
  }

  return {
    at(view, start, end) {
      const guess = last?.next ?? null;
      const isGuessed = guess !== null && guess.name.byteLength === end - start && isEqual(guess.name, view, start);
      const entry = isGuessed ? guess : find(view, start, end);
      if (last !== null) {
        last.next = entry;
      }
      last = entry;
      return entry.value;
    },
    all: () => values,
  };
}

/** Four bytes at a time. */
function isEqual(name: DataView, view: DataView, start: number): boolean {
  const length = name.byteLength;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    if (name.getInt32(at) !== view.getInt32(start + at)) {
      return false;
    }
  }
  for (; at < length; at += 1) {
    if (name.getUint8(at) !== view.getUint8(start + at)) {
      return false;
    }
  }
  return true;
}

/** FNV-1a. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) {
    hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  }
  return hash;
}
