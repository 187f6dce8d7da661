import type { TensorEntry } from "./tensor.ts";

/** A tensor in the same bytes as one before it, both by their place in the checkpoint. */
export type Tie = readonly [tensor: number, first: number];

/**
 * A function that numbers tensors, one after another, from 0: one that lies in the same bytes in the same way as one before
 * it gets that one's number. Only of those that begin at the same place more than the place is kept.
 */
export function createStorageNumbers(): (tensor: Stored) => number {
  const files = new Map<string, Map<number, Numbered | Map<string, number>>>();
  let own = -1;
  return (tensor) => {
    own += 1;
    const { file = "", offset = 0 } = tensor.parts[0] ?? {};
    const places = files.get(file) ?? new Map<number, Numbered | Map<string, number>>();
    files.set(file, places);
    const before = places.get(offset);
    if (before === undefined) {
      places.set(offset, { tensor, number: own });
      return own;
    }
    const known = before instanceof Map ? before : new Map([[storageOf(before.tensor), before.number]]);
    places.set(offset, known);
    const storage = storageOf(tensor);
    const number = known.get(storage) ?? own;
    known.set(storage, number);
    return number;
  };
}

/** A function that tells of tensors, one after another, whether one before them lies in the same bytes in the same way. */
export function createTieFinder(): (tensor: Stored) => boolean {
  const numberOf = createStorageNumbers();
  let own = -1;
  return (tensor) => {
    own += 1;
    return numberOf(tensor) < own;
  };
}

interface Numbered {
  readonly tensor: Stored;
  readonly number: number;
}

/** Without a dtype it does not matter how the bytes are understood. */
type Stored = Pick<TensorEntry, "parts"> & Partial<Pick<TensorEntry, "dtype">>;

function storageOf({ dtype, parts }: Stored): string {
  return JSON.stringify([dtype, parts]);
}
