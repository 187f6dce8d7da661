/** Some whole lines of a text. */
export interface TextBlock {
  readonly text: string;
  /** No other block has it. */
  readonly id: number;
}

/** Code units, so that a block and the numbers in it fit into the processor's cache. A longer line is a block of its own. */
export const BLOCK_LENGTH = 2 ** 15;

let blocks = 0;

export function textBlock(text: string): TextBlock {
  blocks += 1;
  return { text, id: blocks };
}

/** Calls `visit` with all of the text, some whole lines at a time. */
export function forEachBlock(text: string, visit: (block: TextBlock) => void): void {
  for (let start = 0; start < text.length;) {
    const end = endOfBlock(text, start);
    visit(textBlock(text.slice(start, end)));
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
