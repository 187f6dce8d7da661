import { codedText } from "./codedText.ts";
import type { CodedText } from "./codedText.ts";
import { createNumberScanner } from "./numberScanner.ts";
import type { ScannedNumber } from "./numberScanner.ts";

/** Where a number stands in a line. */
export interface Token {
  readonly start: number;
  readonly end: number;
}

/**
 * A line seen as the text between its numbers. A trainer prints the same text over and over, and a line that differs
 * from one before in its numbers only needs no pattern to be read.
 */
export interface Layout {
  /** Where in the line the record begins. */
  readonly column: number;
  /** What stands before each number, with one space of those it is padded with, and after the last one: code units. */
  readonly literals: readonly Uint16Array[];
  /** Numbers that more spaces may stand before. */
  readonly arePadded: readonly boolean[];
  readonly decimals: readonly number[];
}

/** Reads the numbers of lines that have a known layout. */
export interface LayoutMatcher {
  /** Null when a number of the line is not written plainly: 12,345 or nan. */
  readonly layoutOf: (line: string, column: number, tokens: readonly Token[]) => Layout | null;
  /** Where the next line begins, if that at `start` has the layout: then its numbers are in `values`. Else `NO_MATCH`. */
  readonly match: (layout: Layout, source: CodedText, start: number) => number;
  readonly values: Float64Array;
}

export const NO_MATCH = -1;

// A line with more numbers is read by its dialect's pattern.
const MAX_NUMBERS = 512;

/** Whether a number says what the one in its place in the layout did, where that had so many decimals. */
export type IsAlike = (number: ScannedNumber, decimals: number) => boolean;

export function createLayoutMatcher(isAlike: IsAlike): LayoutMatcher {
  const scanner = createNumberScanner();
  const { number } = scanner;
  const values = new Float64Array(MAX_NUMBERS);

  function layoutOf(line: string, column: number, tokens: readonly Token[]): Layout | null {
    const source = codedText(line);
    const literals: Uint16Array[] = [];
    const arePadded: boolean[] = [];
    const decimals: number[] = [];
    let at = column;
    for (const { start, end } of tokens) {
      const isPlain = start >= at && scanner.scan(source, start) && number.end === end;
      if (!isPlain || tokens.length > MAX_NUMBERS) {
        return null;
      }
      const padded = line.slice(at, start);
      const literal = padded.replace(/ {2,}$/, " ");
      literals.push(source.codes.slice(at, at + literal.length));
      arePadded.push(literal.length < padded.length);
      decimals.push(number.decimals);
      at = end;
    }
    return { column, literals: [...literals, source.codes.slice(at, line.length)], arePadded, decimals };
  }

  function match({ column, literals, arePadded, decimals }: Layout, source: CodedText, start: number): number {
    let at = start + column;
    for (let index = 0; index < decimals.length; index += 1) {
      const from = afterLiteral(literals[index], source, at);
      at = arePadded[index] === true && from !== NO_MATCH ? afterSpaces(source, from) : from;
      if (at === NO_MATCH || !scanner.scan(source, at) || !isAlike(number, decimals[index] ?? 0)) {
        return NO_MATCH;
      }
      values[index] = number.value;
      at = number.end;
    }
    const end = afterLiteral(literals[decimals.length], source, at);
    return end === NO_MATCH ? NO_MATCH : afterLineEnd(source, end);
  }

  return { layoutOf, match, values };
}

const NOTHING = new Uint16Array();

function afterLiteral(literal: Uint16Array = NOTHING, { text, codes }: CodedText, at: number): number {
  const { length } = literal;
  if (at + length > text.length) {
    return NO_MATCH;
  }
  for (let index = 0; index < length; index += 1) {
    if (codes[at + index] !== literal[index]) {
      return NO_MATCH;
    }
  }
  return at + length;
}

const [NEWLINE, RETURN, SPACE] = [10, 13, 32];

function afterSpaces({ codes }: CodedText, from: number): number {
  let at = from;
  while (codes[at] === SPACE) {
    at += 1;
  }
  return at;
}

/** A carriage return before the end is part of it. */
function afterLineEnd({ text, codes }: CodedText, at: number): number {
  const end = codes[at] === RETURN ? at + 1 : at;
  if (end === text.length) {
    return end;
  }
  return codes[end] === NEWLINE ? end + 1 : NO_MATCH;
}
