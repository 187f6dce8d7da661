import { malformed, ok, type Outcome } from "#core/outcome.ts";
import { t } from "@vscode/l10n";

/** What a Python literal of NumPy's headers can hold. */
export type PythonLiteral = string | number | boolean | null | readonly PythonLiteral[] | PythonDict;

export interface PythonDict {
  readonly fields: ReadonlyMap<string, PythonLiteral>;
}

/** Texts, whole numbers, True, False, None, tuples, lists and dicts with texts for keys: parsed, never evaluated. */
export function parsePythonLiteral(text: string): Outcome<PythonLiteral> {
  const cursor: Cursor = { text, position: 0, failure: undefined };
  const value = parseValue(cursor, 0);
  skipBlanks(cursor);
  if (cursor.failure === undefined && cursor.position < text.length) {
    fail(cursor, t("Text follows the end of the header."));
  }
  return cursor.failure === undefined ? ok(value) : malformed(cursor.failure.at, cursor.failure.what);
}

/** Of a dict; undefined when it has none of that name, or is no dict. */
export function fieldOf(literal: PythonLiteral, name: string): PythonLiteral | undefined {
  return typeof literal === "object" && literal !== null && "fields" in literal ? literal.fields.get(name) : undefined;
}

/** After a failure it stands at the end, so that every loop over it stops. */
interface Cursor {
  readonly text: string;
  position: number;
  failure: { readonly at: number; readonly what: string } | undefined;
}

// Structured types nest; nobody nests them deeper, and a bomb of brackets would overflow the stack.
const MAX_DEPTH = 32;

function parseValue(cursor: Cursor, depth: number): PythonLiteral {
  skipBlanks(cursor);
  const first = cursor.text[cursor.position] ?? "";
  if (depth > MAX_DEPTH) {
    return fail(cursor, t("The header is nested deeper than {0}.", MAX_DEPTH));
  }
  switch (first) {
    case "{":
      return parseDict(cursor, depth);
    case "(":
      return parseItems(cursor, ")", depth);
    case "[":
      return parseItems(cursor, "]", depth);
    case "'":
    case '"':
      return parseText(cursor);
    default:
      return parseWord(cursor);
  }
}

function parseDict(cursor: Cursor, depth: number): PythonLiteral {
  const fields = new Map<string, PythonLiteral>();
  parseList(cursor, "}", () => {
    const at = cursor.position;
    const key = parseText(cursor);
    skipBlanks(cursor);
    if (!take(cursor, ":")) {
      fail(cursor, t("A key of the header has no value."));
    }
    if (fields.has(key)) {
      fail(cursor, t("The header has {0} twice.", key.slice(0, 40)), at);
    }
    fields.set(key, parseValue(cursor, depth + 1));
  });
  return { fields };
}

function parseItems(cursor: Cursor, close: string, depth: number): PythonLiteral {
  const items: PythonLiteral[] = [];
  const { commas } = parseList(cursor, close, () => items.push(parseValue(cursor, depth + 1)));
  const [first] = items;
  // (3) is 3, and only (3,) is a tuple.
  return close === ")" && commas === 0 && first !== undefined ? first : items;
}

function parseList(cursor: Cursor, close: string, parseItem: () => void): { readonly commas: number } {
  cursor.position += 1;
  for (let commas = 0; ; commas += 1) {
    skipBlanks(cursor);
    if (take(cursor, close)) {
      return { commas };
    }
    parseItem();
    skipBlanks(cursor);
    if (!take(cursor, ",")) {
      if (!take(cursor, close)) {
        fail(cursor, t("Expected , or {0} in the header.", close));
      }
      return { commas };
    }
  }
}

function parseText(cursor: Cursor): string {
  const quote = cursor.text[cursor.position];
  const end = quote === "'" || quote === '"' ? cursor.text.indexOf(quote, cursor.position + 1) : -1;
  const text = cursor.text.slice(cursor.position + 1, Math.max(0, end));
  if (end < 0 || text.includes("\\")) {
    fail(cursor, t("Expected a closed text without escapes in the header."));
    return "";
  }
  cursor.position = end + 1;
  return text;
}

const WORDS: ReadonlyMap<string, PythonLiteral> = new Map<string, PythonLiteral>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/** Python 2 ends long numbers with an L. */
const NUMBER = /^-?\d+(?=L?$)/;

function parseWord(cursor: Cursor): PythonLiteral {
  const word = /[-+.\w]*/y;
  word.lastIndex = cursor.position;
  const text = word.exec(cursor.text)?.[0] ?? "";
  const value = WORDS.get(text) ?? Number(NUMBER.exec(text)?.[0] ?? "NaN");
  if (text !== "None" && typeof value === "number" && !Number.isSafeInteger(value)) {
    return fail(cursor, t("Expected a value in the header, found {0}.", text === "" ? t("none") : text.slice(0, 40)));
  }
  cursor.position += text.length;
  return WORDS.has(text) ? (WORDS.get(text) ?? null) : value;
}

function skipBlanks(cursor: Cursor): void {
  BLANKS.lastIndex = cursor.position;
  cursor.position += BLANKS.exec(cursor.text)?.[0].length ?? 0;
}

const BLANKS = /\s*/y;

function take(cursor: Cursor, character: string): boolean {
  const isNext = cursor.text[cursor.position] === character;
  cursor.position += isNext ? 1 : 0;
  return isNext || cursor.failure !== undefined;
}

function fail(cursor: Cursor, what: string, at = cursor.position): null {
  cursor.failure ??= { at, what };
  cursor.position = cursor.text.length;
  return null;
}
