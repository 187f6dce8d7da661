import { forEachBlock } from "./codedText.ts";
import type { CodedText } from "./codedText.ts";
import { NO_MATCH } from "./layout.ts";

/** Calls `visit` with every line and its number. A last line without a newline counts; a carriage return goes. */
export function forEachLine(text: string, firstLine: number, visit: LineVisitor): void {
  let number = firstLine;
  for (let start = 0; start < text.length; number += 1) {
    start = visitLine(text, start, (line) => visit(line, number));
  }
}

/** Where the line after the one at `start` begins, when that was read as one before it; else `NO_MATCH`. */
export type PassKnownLine = (source: CodedText, start: number, number: number) => number;

/** The same for lines that `pass` does not know. */
export function forEachUnknownLine(text: string, firstLine: number, { pass, visit }: LineVisitors): void {
  let number = firstLine;
  forEachBlock(text, (block) => {
    for (let start = 0; start < block.text.length; number += 1) {
      const next = pass(block, start, number);
      start = next === NO_MATCH ? visitLine(block.text, start, (line) => visit(line, number)) : next;
    }
  });
}

/** Gives where the next line begins. */
function visitLine(text: string, start: number, visit: (line: string) => void): number {
  const newline = text.indexOf("\n", start);
  const end = newline < 0 ? text.length : newline;
  visit(text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end));
  return end + 1;
}

export type LineVisitor = (line: string, number: number) => void;

export interface LineVisitors {
  readonly pass: PassKnownLine;
  readonly visit: LineVisitor;
}

/** The first `limit` lines that hold more than white space. */
export function firstLines(text: string, limit: number): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length && found.length < limit;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (line !== "") {
      found.push(line);
    }
    start = end + 1;
  }
  return found;
}
