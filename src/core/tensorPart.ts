import type { Coding } from "./coding.ts";
import type { TensorEntry } from "./tensor.ts";

/** Where some or all elements of a tensor lie in a file, and how. */
export interface TensorPart {
  /** File name, relative to the checkpoint's folder. */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes in the file. With strides they reach from the first element to the end of the last one. */
  readonly byteLength: number;
  /** What was done to the elements' bytes, undone in this order; missing: they lie there as they are, little-endian. */
  readonly codings?: readonly Coding[];
  /** Which elements of the tensor; missing: all of them, or those that follow on the part before in row-major order. */
  readonly box?: Box;
  /**
   * Elements from one to the next along each dimension of the box, or of the whole tensor, in the decoded bytes; missing:
   * row-major without holes. 0 repeats an element, which then counts as often as the tensor has it.
   */
  readonly strides?: readonly number[];
}

/** A rectangle of a tensor: indices from `start`, `shape` of them along each dimension. */
export interface Box {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Bytes that a tensor's parts take in their files. */
export function storedBytes({ parts }: Pick<TensorEntry, "parts">): number {
  return parts.reduce((total, { byteLength }) => total + byteLength, 0);
}

/** A tensor that lies in one piece, row-major, as it is: what most are. */
export function inOnePiece(file: string, offset: number, byteLength: number): readonly TensorPart[] {
  return [{ file, offset, byteLength }];
}

/** Bytes of a part's elements once its codings are undone. */
export function decodedBytes({ byteLength, codings = [] }: TensorPart): number {
  return codings.reduce((bytes, coding) => bytesAfter(coding, bytes), byteLength);
}

function bytesAfter(coding: Coding, bytes: number): number {
  if ("decodedBytes" in coding) {
    return coding.decodedBytes;
  }
  switch (coding.kind) {
    case "bigEndian":
    case "shuffle":
    case "swapPairs":
      return bytes;
    case "fletcher32":
      return bytes - 4;
    case "skip":
      return bytes - coding.bytes;
    case "records":
      return (bytes / (coding.skip + coding.take)) * coding.take;
    case "inline":
      return inlineBytes(coding.base64);
    case "codebook":
      return bytes * FLOAT_BYTES;
  }
}

const FLOAT_BYTES = 4;

/** Bytes that a Base64 text stands for: four letters for three, `=` for those that are not there. */
function inlineBytes(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : Number(base64.endsWith("="));
  return (base64.length / 4) * 3 - padding;
}

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

/** Elements of a shape; 1 for a scalar's. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
