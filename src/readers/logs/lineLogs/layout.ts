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
  /** What stands before each number, without the spaces it is padded with, and after the last one. */
  readonly literals: readonly string[];
  /** Whether a number stands apart from what is before it: without a space it may be another number, or none. */
  readonly isApart: readonly boolean[];
  readonly decimals: readonly number[];
}

/** Reads the numbers of lines that have a known layout. */
export interface LayoutMatcher {
  /** Null when a number of the line is not written plainly: 12,345 or nan. */
  readonly layoutOf: (line: string, column: number, tokens: readonly Token[]) => Layout | null;
  /** Whether the line in `text` has the layout; if so its numbers are in `values`. */
  readonly matches: (layout: Layout, text: string, line: Token) => boolean;
  readonly values: Float64Array;
}

// A line with more numbers is read by its dialect's pattern.
export const MAX_NUMBERS = 512;

export interface LayoutOptions {
  /** Values are printed with a fixed number of decimals, which tells their resolution: another number is another layout. */
  readonly hasFixedDecimals: boolean;
}

export function createLayoutMatcher({ hasFixedDecimals }: LayoutOptions): LayoutMatcher {
  const scanner = createNumberScanner();
  const values = new Float64Array(MAX_NUMBERS);

  function layoutOf(line: string, column: number, tokens: readonly Token[]): Layout | null {
    const literals: string[] = [];
    const isApart: boolean[] = [];
    const decimals: number[] = [];
    let at = column;
    for (const { start, end } of tokens) {
      const isPlain = start >= at && scanner.scan(line, start) && scanner.number.end === end;
      if (!isPlain || tokens.length > MAX_NUMBERS) {
        return null;
      }
      const before = line.slice(at, start);
      literals.push(before.replace(/ +$/, ""));
      isApart.push(before.endsWith(" "));
      decimals.push(scanner.number.decimals);
      at = end;
    }
    return { column, literals: [...literals, line.slice(at)], isApart, decimals };
  }

  function matches({ column, literals, isApart, decimals }: Layout, text: string, line: Token): boolean {
    const { number } = scanner;
    let at = line.start + column;
    for (let index = 0; index < decimals.length; index += 1) {
      const literal = literals[index] ?? "";
      if (!text.startsWith(literal, at)) {
        return false;
      }
      at = afterSpaces(text, at + literal.length);
      if ((text.charCodeAt(at - 1) === SPACE) !== isApart[index]) {
        return false;
      }
      if (!scanner.scan(text, at) || !isAsPrecise(number, decimals[index] ?? 0, hasFixedDecimals)) {
        return false;
      }
      values[index] = number.value;
      at = number.end;
    }
    const last = literals[decimals.length] ?? "";
    return at + last.length === line.end && text.startsWith(last, at);
  }

  return { layoutOf, matches, values };
}

/** Whether a value says no more about how finely values are printed than the layout's own did. */
function isAsPrecise({ value, decimals }: ScannedNumber, expected: number, hasFixedDecimals: boolean): boolean {
  return hasFixedDecimals ? decimals === expected : value !== 0 || decimals < 2;
}

const SPACE = 32;

function afterSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) {
    at += 1;
  }
  return at;
}
