import { LAYOUT_BYTES } from "./lineKernel.ts";

/** Where a number stands in a line. */
export interface Token {
  readonly start: number;
  readonly end: number;
}

/**
 * A line seen as the text between its numbers. A trainer prints the same text over and over, and a line that differs
 * from one before in its numbers only needs no pattern to be read.
 */
export interface LineLayout {
  readonly line: string;
  /** Numbers whose values count. */
  readonly tokens: readonly Token[];
  /** Before this place any digit may stand for another. */
  readonly recordAt: number;
  /** But not here. */
  readonly fixed: Token | null;
}

/** What a number must be to be taken for the one in its place: the numbers of assembly/kernels.ts. */
export const LIKENESS = {
  /** Without needless zeros before it. */
  asInJson: 0,
  /** Where values are printed with a fixed number of decimals, that tells their resolution. */
  withAsManyDecimals: 1,
  /** Only a zero tells how finely it was printed. What is whole, as a step, stays whole: patterns take no other for a step. */
  asFinely: 2,
  /** The same where a step has a column of its own. One with a power of ten is not like one without. */
  asCells: 3,
} as const;

export type Likeness = (typeof LIKENESS)[keyof typeof LIKENESS];

// As assembly/kernels.ts reads it.
const HEADER_BYTES = 8;
const PIECE_BYTES = 16;
const LANES = 8;
const LANE_BYTES = 2;
const VECTOR_BYTES = 2 * LANES * LANE_BYTES;

/**
 * Writes a layout to where the kernel reads it. False when it is too long, has no number, or one that is not written
 * plainly: 12,345 or nan.
 */
export function writeLayout(target: DataView, layout: LineLayout, likeness: Likeness): boolean {
  const pieces = piecesOf(layout);
  const bytes = pieces?.reduce((sum, { text }) => sum + PIECE_BYTES + vectorsIn(text) * VECTOR_BYTES, HEADER_BYTES);
  if (pieces === null || pieces.length === 1 || bytes === undefined || bytes > LAYOUT_BYTES) {
    return false;
  }
  target.setUint32(0, layout.tokens.length, true);
  target.setUint32(4, likeness, true);
  let at = HEADER_BYTES;
  for (const piece of pieces) {
    at = writePiece(target, at, piece);
  }
  return true;
}

/** What stands before a number, with one space of those it is padded with, or after the last one. */
interface Piece {
  readonly text: string;
  readonly isPadded: boolean;
  /** Of the number. */
  readonly decimals: number;
  /** Whether any digit may stand for that at a place of the text. */
  readonly isFree: (at: number) => boolean;
}

function piecesOf({ line, tokens, recordAt, fixed }: LineLayout): readonly Piece[] | null {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { start, end } of tokens) {
    const decimals = decimalsOf(line, { start, end });
    if (start < from || decimals === undefined) {
      return null;
    }
    const padded = line.slice(from, start);
    const text = withOneSpace(padded);
    const begin = from;
    const isFree = (at: number): boolean => begin + at < recordAt && !isWithin(fixed, begin + at);
    pieces.push({ text, isPadded: text.length < padded.length, decimals, isFree });
    from = end;
  }
  return [...pieces, { text: line.slice(from), isPadded: false, decimals: 0, isFree: () => false }];
}

/** Of spaces at the end the first. No pattern, which would look at a run of them anew from each: a line may have a million. */
function withOneSpace(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === SPACE) {
    end -= 1;
  }
  return text.slice(0, end + 1);
}

const SPACE = 0x20;

function isWithin(token: Token | null, at: number): boolean {
  return token !== null && token.start <= at && at < token.end;
}

const PLAIN_NUMBER = /-?\d+(?:\.(\d+))?([eE][+-]?\d+)?/y;
const POWER = -1;

/** Undefined for a token that is no plainly written number. */
function decimalsOf(line: string, { start, end }: Token): number | undefined {
  PLAIN_NUMBER.lastIndex = start;
  const [printed = "", fraction = "", power] = PLAIN_NUMBER.exec(line) ?? [];
  if (printed === "" || printed.length !== end - start) {
    return undefined;
  }
  return power === undefined ? fraction.length : POWER;
}

function vectorsIn(text: string): number {
  return Math.ceil(text.length / LANES);
}

const [ZERO, NINE] = [48, 57];
const ANYTHING = 0xffff;

/** Gives where the next piece goes. */
function writePiece(target: DataView, start: number, { text, isPadded, decimals, isFree }: Piece): number {
  const vectors = vectorsIn(text);
  target.setUint32(start, vectors, true);
  target.setUint32(start + 4, text.length * LANE_BYTES, true);
  target.setUint32(start + 8, Number(isPadded), true);
  target.setInt32(start + 12, decimals, true);
  for (let at = 0; at < vectors * LANES; at += 1) {
    const code = text.charCodeAt(at);
    const isAnyDigit = code >= ZERO && code <= NINE && isFree(at);
    const place = start + PIECE_BYTES + Math.floor(at / LANES) * VECTOR_BYTES + (at % LANES) * LANE_BYTES;
    const [least, above] = at >= text.length ? [0, ANYTHING] : isAnyDigit ? [ZERO, NINE - ZERO] : [code, 0];
    target.setUint16(place, least, true);
    target.setUint16(place + LANES * LANE_BYTES, above, true);
  }
  return start + PIECE_BYTES + vectors * VECTOR_BYTES;
}
