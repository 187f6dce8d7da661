import { type Box, elementsOf } from "#core/tensorPart.ts";

import type { Slice } from "./entries.ts";

/** The key of a piece of a partitioned variable, in TensorFlow's OrderedCode: all are latin-1 characters for bytes. */
export function sliceKey(name: string, slice: Slice): string {
  const escaped = name.replaceAll("\0", "\0\xff").replaceAll(/(?<!\0)\xff/g, "\xff\0");
  const extents = slice.map(({ start, length }) => signedCode(start) + signedCode(length ?? -1));
  return `\0${escaped}\0\x01${unsignedCode(slice.length)}${extents.join("")}`;
}

/** How many bytes, and the bytes. */
function unsignedCode(value: number): string {
  const digits = bigEndian(value, value === 0 ? 0 : Math.floor(Math.log2(value) / 8) + 1);
  return String.fromCharCode(digits.length, ...digits);
}

/** As many leading ones as there are bytes, then the number; -1 as TensorFlow writes a whole extent. */
function signedCode(value: number): string {
  if (value < 64) {
    return String.fromCharCode((0x80 ^ value) & 0xff);
  }
  const length = Math.ceil((Math.floor(Math.log2(value)) + 2) / 7);
  const [first = 0, ...others] = bigEndian(value, length);
  return String.fromCharCode(first ^ ((0xff << (8 - length)) & 0xff), ...others);
}

function bigEndian(value: number, length: number): number[] {
  return Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256);
}

/** The box of a slice; undefined when it is not inside the variable. */
export function boxOf(slice: Slice, shape: readonly number[]): Box | undefined {
  const box = {
    start: slice.map(({ start }) => start),
    shape: slice.map(({ length }, axis) => length ?? shape[axis] ?? 0),
  };
  const isInside = shape.every((size, axis) => (box.start[axis] ?? 0) + (box.shape[axis] ?? 0) <= size);
  return slice.length === shape.length && isInside ? box : undefined;
}

// TensorFlow cuts along one dimension; what is cut along several is compared pair by pair.
const MAX_PAIRED = 256;

/** Whether boxes cover a variable once. */
export function isCovered(boxes: readonly Box[], shape: readonly number[]): boolean {
  const elements = boxes.reduce((total, box) => total + elementsOf(box.shape), 0);
  const cut = shape.flatMap((size, axis) => (boxes.every((box) => box.shape[axis] === size) ? [] : [axis]));
  const [axis = 0, second] = cut;
  if (elements !== elementsOf(shape)) {
    return false;
  }
  if (second === undefined) {
    const sorted = boxes.toSorted((a, b) => (a.start[axis] ?? 0) - (b.start[axis] ?? 0));
    return sorted.every((box, at) => at === 0 || !overlap(sorted[at - 1] ?? box, box));
  }
  return (
    boxes.length <= MAX_PAIRED && boxes.every((box, at) => boxes.slice(0, at).every((other) => !overlap(box, other)))
  );
}

function overlap(a: Box, b: Box): boolean {
  return a.start.every((start, axis) => {
    const [size = 0, other = 0, otherSize = 0] = [a.shape[axis], b.start[axis], b.shape[axis]];
    return start < other + otherSize && other < start + size;
  });
}
