/** A text and its UTF-16 code units: numbers in an array are looked up several times as fast as characters of a string. */
export interface CodedText {
  readonly text: string;
  /** With a zero after the last one. */
  readonly codes: Uint16Array;
}

export function codedText(text: string): CodedText {
  return codedIn(new Uint16Array(text.length + 1), text);
}

// Fits into the processor's cache. A longer line is a block of its own.
const BLOCK_LENGTH = 2 ** 16;

/** Calls `visit` with all of the text, some whole lines at a time, which are valid during the call. */
export function forEachBlock(text: string, visit: (block: CodedText) => void): void {
  let codes = new Uint16Array(Math.min(text.length, BLOCK_LENGTH) + 1);
  for (let start = 0; start < text.length;) {
    const end = endOfBlock(text, start);
    if (end - start >= codes.length) {
      codes = new Uint16Array(end - start + 1);
    }
    visit(codedIn(codes, text.slice(start, end)));
    start = end;
  }
}

function endOfBlock(text: string, start: number): number {
  if (text.length - start <= BLOCK_LENGTH) {
    return text.length;
  }
  const last = text.lastIndexOf("\n", start + BLOCK_LENGTH - 1);
  const newline = last < start ? text.indexOf("\n", start) : last;
  return newline < 0 ? text.length : newline + 1;
}

function codedIn(codes: Uint16Array<ArrayBuffer>, text: string): CodedText {
  Buffer.from(codes.buffer).write(text, "utf16le");
  codes[text.length] = 0;
  return { text, codes };
}
