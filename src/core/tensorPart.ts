import type { Coding } from "./coding.ts";

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
export function storedBytes({ parts }: { readonly parts: readonly TensorPart[] }): number {
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

/** Elements of a shape; 1 for a scalar's. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
