import { varintAt } from "../shared/protobuf.ts";

/** Undoes Snappy's block format; undefined when the bytes are not that, or would give more than `most`. */
export function uncompressSnappy(bytes: Uint8Array, most: number): Uint8Array | undefined {
  const length = varintAt(bytes, 0);
  if (typeof length === "string" || length.value === undefined || length.value > most) {
    return undefined;
  }
  const out = new Uint8Array(length.value);
  let to = 0;
  for (let at = length.end; at < bytes.length;) {
    const element = elementAt(bytes, at);
    const from = element.distance === 0 ? element.end : to - element.distance;
    const isLiteral = element.distance === 0;
    const past = isLiteral ? element.end + element.length > bytes.length : from < 0;
    if (past || to + element.length > out.length) {
      return undefined;
    }
    if (isLiteral) {
      out.set(bytes.subarray(from, from + element.length), to);
    } else {
      repeat(out, from, to, element.length);
    }
    to += element.length;
    at = element.end + (isLiteral ? element.length : 0);
  }
  return to === out.length ? out : undefined;
}

/** A copy may reach into what it writes. */
function repeat(out: Uint8Array, from: number, to: number, length: number): void {
  for (let index = 0; index < length; index += 1) {
    out[to + index] = out[from + index] ?? 0;
  }
}

interface Element {
  readonly length: number;
  /** Back from where it goes to; 0 for bytes that follow. */
  readonly distance: number;
  readonly end: number;
}

/** Cut off bytes read as zeros: their copies then have no distance, and literals go past the end. */
function elementAt(bytes: Uint8Array, at: number): Element {
  const tag = bytes[at] ?? 0;
  const byte = (index: number): number => bytes[at + index] ?? 0;
  const upper = tag >> 2;
  switch (tag & 3) {
    case 0: {
      const extra = Math.max(0, upper - 59);
      const length = extra === 0 ? upper : littleEndian(bytes, at + 1, extra);
      return { length: length + 1, distance: 0, end: at + 1 + extra };
    }
    case 1:
      return { length: (upper & 7) + 4, distance: nonZero((upper >> 3) * 256 + byte(1)), end: at + 2 };
    case 2:
      return { length: upper + 1, distance: nonZero(littleEndian(bytes, at + 1, 2)), end: at + 3 };
    default:
      return { length: upper + 1, distance: nonZero(littleEndian(bytes, at + 1, 4)), end: at + 5 };
  }
}

/** No copy has a distance of 0: it is then before all there is. */
function nonZero(distance: number): number {
  return distance === 0 ? Infinity : distance;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let number = 0;
  for (let index = count - 1; index >= 0; index -= 1) {
    number = number * 256 + (bytes[at + index] ?? 0);
  }
  return number;
}
