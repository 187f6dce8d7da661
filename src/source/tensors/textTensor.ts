import { segmentsOf } from "../python/chain.ts";
import type { SourceDocument } from "../document.ts";
import { patternOf } from "./pattern.ts";
import type { TensorReference } from "./pattern.ts";

// Names as logs, tables and settings write them; the quotes around a key end it.
const TOKEN = /[A-Za-z_][\w-]*(?:[./:][\w-]+|\[\d+\])+/g;
const MOST_CHARACTERS = 2000; // Around the offset; a line of JSON Lines can be long.
const STATISTIC = /^(?:grad|grads|gradients?|norm|l2|(?:grad(?:ient)?|l2)_norm|max|min|mean|rms|std)$/i;
const COMMENT: Partial<Record<SourceDocument["language"], RegExp>> = { yaml: /(?:^|\s)#/, toml: /^[^"']*#/ };

/** The dotted or slashed name around an offset of a log, a table or a file of settings. */
export function textTensorAt(document: SourceDocument, offset: number): TensorReference | undefined {
  const { start, line } = lineAround(document.text, offset);
  const comment = COMMENT[document.language]?.exec(line);
  for (const match of line.matchAll(TOKEN)) {
    const from = start + match.index;
    const isAt = from <= offset && offset <= from + match[0].length;
    if (isAt && !(comment !== undefined && comment !== null && comment.index < match.index)) {
      return referenceTo(match[0], from);
    }
  }
  return undefined;
}

function referenceTo(text: string, start: number): TensorReference {
  const segments = segmentsOf(text.replace(/:\d+$/, ""));
  const isGradient = segments.some((segment) => STATISTIC.test(segment) || /grad/i.test(segment));
  let length = segments.length;
  while (length > 1 && STATISTIC.test(segments[length - 1] ?? "")) {
    length -= 1;
  }
  // Words in front that speak of gradients may leave a single one; other words may belong to a path or a sentence.
  const dropped = isGradient ? 1 : 2;
  const lengths = length === segments.length ? [length] : [segments.length, length];
  const choices = lengths.flatMap((each) => {
    const name = segments.slice(0, each);
    const exact = { segments: name, optional: Math.max(each - dropped, 0), mayHavePrefix: false, siblings: [] };
    return [[exact], [patternOf(name, { optional: 0, siblings: undefined })]];
  });
  return { start, end: start + text.length, text, isGradient, choices };
}

/** The line around an offset, or what of it is near. */
function lineAround(text: string, offset: number): { readonly start: number; readonly line: string } {
  const near = Math.max(0, offset - MOST_CHARACTERS);
  const start = Math.max(text.lastIndexOf("\n", offset - 1) + 1, near);
  const newline = text.indexOf("\n", offset);
  const end = Math.min(newline < 0 ? text.length : newline, offset + MOST_CHARACTERS);
  return { start, line: text.slice(start, end) };
}
