import { UNIT } from "./digits";
import { decimals, hasLeadingZero, POWER, scanNumber, value } from "./number";

// The module's exports. Texts are UTF-16 with a zero behind them; the layout of a line is what shared/layout.ts writes.
export { LARGEST_POWER, powersOfFive, SMALLEST_POWER } from "./nearest";

// Of a layout, and of each of its pieces: what stands before a number, or after the last one.
const HEADER: usize = 8;
const PIECE: usize = 16;
// For 8 code units what is subtracted from each, and how large it may then be at most.
const VECTORS: usize = 32;

/** What a number must be to be taken for the one in its place. */
const AS_IN_JSON = 0;
const AS_MANY_DECIMALS = 1;
const AS_FINELY = 2;

const NEWLINE: u16 = 10;
const RETURN: u16 = 13;
const SPACE: u16 = 32;

/**
 * Reads lines that have the layout, from `start` on, until one has it not or the text ends; gives how many. Where each of
 * them begins goes to `rows`, followed by its numbers, and at last where the line after them begins.
 */
export function readLines(layout: usize, start: usize, end: usize, rows: usize): i32 {
  const rowBytes = ((load<u32>(layout) as usize) + 1) << 3;
  let lines = 0;
  let at = start;
  let row = rows;
  store<f64>(row, at as f64);
  while (at < end) {
    const next = readLine(layout, at, end, row + 8);
    if (next == 0) {
      break;
    }
    at = next;
    row += rowBytes;
    lines += 1;
    store<f64>(row, at as f64);
  }
  return lines;
}

/** Where the next line begins, 0 when the line has not the layout. */
function readLine(layout: usize, start: usize, end: usize, row: usize): usize {
  const likeness = load<u32>(layout, 4);
  const lastNumber = row + ((load<u32>(layout) as usize) << 3);
  let piece = layout + HEADER;
  let at = start;
  for (let target = row; ; target += 8) {
    const vectors = load<u32>(piece) as usize;
    if (!isLike(piece + PIECE, vectors, at)) {
      return 0;
    }
    at += load<u32>(piece, 4) as usize;
    if (target == lastNumber) {
      break;
    }
    if (load<u32>(piece, 8) != 0) {
      at = afterSpaces(at);
    }
    at = scanNumber(at);
    if (at == 0 || isNaN(value) || !isAlike(load<i32>(piece, 12), likeness)) {
      return 0;
    }
    store<f64>(target, value);
    piece += PIECE + vectors * VECTORS;
  }
  return afterLineEnd(at, end);
}

function isLike(pattern: usize, vectors: usize, text: usize): bool {
  const stop = pattern + vectors * VECTORS;
  let at = text;
  let unlike = i16x8.splat(0);
  for (let vector = pattern; vector < stop; vector += VECTORS) {
    const above = i16x8.sub(v128.load(at), v128.load(vector));
    unlike = v128.or(unlike, i16x8.sub_sat_u(above, v128.load(vector, 16)));
    at += 16;
  }
  return !v128.any_true(unlike);
}

function afterSpaces(from: usize): usize {
  let at = from;
  while (load<u16>(at) == SPACE) {
    at += UNIT;
  }
  return at;
}

/** Whether a number says what the one in its place in the layout did, where that had so many decimals. */
function isAlike(known: i32, likeness: u32): bool {
  if (likeness == AS_IN_JSON) {
    return !hasLeadingZero;
  }
  if (likeness == AS_MANY_DECIMALS) {
    return decimals == known;
  }
  const isFine = value != 0 || decimals < 2;
  if (likeness == AS_FINELY) {
    return known == 0 ? decimals == 0 : isFine;
  }
  return isFine && (decimals == POWER) == (known == POWER);
}

/** A carriage return before the end is part of it. */
function afterLineEnd(at: usize, end: usize): usize {
  const last = load<u16>(at) == RETURN ? at + UNIT : at;
  if (last < end && load<u16>(last) == NEWLINE) {
    return last + UNIT;
  }
  return last == end ? end : 0;
}
