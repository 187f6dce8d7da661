import { forEachLine, forEachUnknownLine } from "../shared/lines.ts";
import type { LineVisitor, LineVisitors } from "../shared/lines.ts";
import { textBlock } from "../shared/textBlocks.ts";

/**
 * Every line as a terminal shows it: without colours, cursor movements and what a backspace took away. A carriage
 * return begins a line of its own under the same number, since progress bars and records share physical lines.
 */
export function forEachCleanLine(text: string, firstLine: number, visit: LineVisitor): void {
  if (hasControls(text)) {
    forEachLine(text, firstLine, (line, number) => piecesOf(line).forEach((piece) => visit(piece, number)));
  } else {
    forEachLine(text, firstLine, visit);
  }
}

/** The same for lines that `pass` does not know. */
export function forEachUnknownCleanLine(text: string, firstLine: number, { pass, visit }: LineVisitors): void {
  if (!hasControls(text)) {
    forEachUnknownLine(text, firstLine, { pass, visit });
    return;
  }
  forEachLine(text, firstLine, (line, number) => {
    for (const piece of piecesOf(line)) {
      if (pass(textBlock(piece), 0, number).lines === 0) {
        visit(piece, number);
      }
    }
  });
}

const CONTROLS: readonly string[] = ["\u001b", "\b", "\0"];

/** A carriage return right before a newline is none: it ends lines on Windows. */
function hasControls(text: string): boolean {
  return CONTROLS.some((control) => text.includes(control)) || (text.includes("\r") && /\r(?!\n|$)/.test(text));
}

function piecesOf(line: string): readonly string[] {
  return hasControls(line) ? withoutEscapes(line).split("\r").map(withoutErased) : [line];
}

// Colours, cursor movements and window titles.
const ESCAPES = new RegExp(String.raw`\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))`, "g");

export function withoutEscapes(line: string): string {
  return line.includes("\u001b") ? line.replace(ESCAPES, "") : line;
}

/** What is left when backspaces have taken characters away. NUL bytes are left by a machine that went down. */
function withoutErased(piece: string): string {
  if (!piece.includes("\b") && !piece.includes("\0")) {
    return piece;
  }
  const kept: string[] = [];
  for (const character of piece) {
    if (character === "\b") {
      kept.pop();
    } else if (character !== "\0") {
      kept.push(character);
    }
  }
  return kept.join("");
}
