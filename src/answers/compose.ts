import { DATA_NOTE } from "./dataText.ts";

/** Bytes of an answer in UTF-8: an agent pays for each of them in every later turn. */
export const MOST_BYTES = 2048;

export interface Page {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

const USUAL_LIMIT = 20;

export interface AnswerParts<T> {
  /** What must be said, before the rows. */
  readonly head: readonly string[];
  /** Everything there is to list, the most important first. */
  readonly items: readonly T[];
  /** The row of an item; one line. */
  readonly rowOf: (item: T) => string;
  /** What the items are, in the plural: `tensors`. */
  readonly what: string;
  readonly page: Page;
  /** What must be said, after the rows. */
  readonly tail?: readonly string[];
}

/** An answer in as many rows as fit, which says how many were cut and how to get them. */
export function composeAnswer<T>(parts: AnswerParts<T>, mostBytes = MOST_BYTES): string {
  const { head, items, rowOf, page, tail = [] } = parts;
  const { offset = 0, limit = USUAL_LIMIT } = page;
  const ending = [...tail, DATA_NOTE];
  // The longest sentence about a page that rows can stand before.
  const longest = cutNote(parts, items.length - 2, items.length - 1);
  const reserved = utf8Length([...head, longest, ...ending].join("\n"));
  const rows: string[] = [];
  let left = mostBytes - reserved;
  for (const item of items.slice(offset, offset + limit)) {
    const row = rowOf(item);
    left -= utf8Length(row) + 1;
    if (left < 0) {
      break;
    }
    rows.push(row);
  }
  const shown = offset + rows.length;
  const isWhole = offset === 0 && shown >= items.length;
  const cut = isWhole ? [] : [cutNote(parts, offset, shown)];
  return cutToBytes([...head, ...rows, ...cut, ...ending].join("\n"), mostBytes);
}

function cutNote<T>({ items, what }: AnswerParts<T>, from: number, until: number): string {
  if (from >= until && from >= items.length) {
    return `There are ${items.length} ${what}; none from offset ${from} on.`;
  }
  const more = until < items.length ? ` Ask with offset ${until} for more, or narrow the question.` : "";
  return `Shown: ${from === until ? "none" : `${from + 1} to ${until}`} of ${items.length} ${what}.${more}`;
}

/** The last resort for names that are extremely long. */
function cutToBytes(text: string, mostBytes: number): string {
  if (utf8Length(text) <= mostBytes) {
    return text;
  }
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > mostBytes - utf8Length("…")) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += BYTES_BY_CODE.find(([below]) => code < below)?.[1] ?? 4;
  }
  return bytes;
}

const BYTES_BY_CODE = [
  [0x80, 1],
  [0x8_00, 2],
  [0x1_00_00, 3],
] as const;
