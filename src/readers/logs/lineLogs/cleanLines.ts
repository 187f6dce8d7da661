/** A piece of text that holds one line as a person would see it. */
export type LineVisitor = (text: string, range: LineRange) => void;

export interface LineRange {
  readonly start: number;
  readonly end: number;
  /** Zero-based line of the file. */
  readonly number: number;
}

/**
 * Every line as a terminal shows it: without colours, cursor movements and what a backspace took away. A carriage
 * return begins a line of its own under the same number, since progress bars and records share physical lines.
 */
export function forEachCleanLine(text: string, firstLine: number, visit: LineVisitor): void {
  const isPlain = !hasControls(text);
  let number = firstLine;
  for (let start = 0; start < text.length; number += 1) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    if (isPlain || !hasControls(text.slice(start, end))) {
      visit(text, { start, end: end > start && text[end - 1] === "\r" ? end - 1 : end, number });
    } else {
      visitPieces(text.slice(start, end), number, visit);
    }
    start = end + 1;
  }
}

const CONTROLS: readonly string[] = ["\u001b", "\b", "\0"];

/** A carriage return right before a newline is none: it ends lines on Windows. */
function hasControls(text: string): boolean {
  return CONTROLS.some((control) => text.includes(control)) || (text.includes("\r") && /\r(?!\n|$)/.test(text));
}

function visitPieces(line: string, number: number, visit: LineVisitor): void {
  for (const piece of withoutEscapes(line).split("\r")) {
    const clean = withoutErased(piece);
    visit(clean, { start: 0, end: clean.length, number });
  }
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
