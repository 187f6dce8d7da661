import { withoutEscapes } from "./cleanLines.ts";
import type { Dialect } from "./dialect.ts";
import { MAX_RECORD_LENGTH } from "./recordReader.ts";

/** Records in a text. */
export function countAnchors(text: string, { hint, anchor }: Pick<Dialect, "hint" | "anchor">): number {
  let count = 0;
  for (let at = text.indexOf(hint); at >= 0;) {
    const start = text.lastIndexOf("\n", at) + 1;
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    if (end - start <= MAX_RECORD_LENGTH) {
      count += [...withoutEscapes(text.slice(start, end)).matchAll(anchor)].length;
    }
    at = text.indexOf(hint, end);
  }
  return count;
}
