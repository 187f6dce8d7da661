import type { PassKnownLines } from "./knownLines.ts";
import { forEachBlock } from "./textBlocks.ts";

/** Calls `visit` with every line and its number. A last line without a newline counts; a carriage return goes. */
export function forEachLine(text: string, firstLine: number, visit: LineVisitor): void {
  let number = firstLine;
  for (let start = 0; start < text.length; number += 1) {
    start = visitLine(text, start, (line) => visit(line, number));
  }
}

/** The same for lines that `pass` does not know. */
export function forEachUnknownLine(text: string, firstLine: number, { pass, visit }: LineVisitors): void {
  let number = firstLine;
  forEachBlock(text, (block) => {
    for (let start = 0; start < block.text.length;) {
      const passed = pass(block, start, number);
      start = passed.next;
      number += passed.lines;
      if (start < block.text.length) {
        start = visitLine(block.text, start, (line) => visit(line, number));
        number += 1;
      }
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
  readonly pass: PassKnownLines;
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
