// Marks a string that stands for a bare NaN or Infinity. JSON text cannot hold a NUL, so no log writes it by chance.
const MARK = "\0";

const STRING_OR_BARE_WORD = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|nan|Infinity|inf)\b/g;

/**
 * JSON as Python writes it: bare NaN and Infinity become marked strings that `nonFiniteOf` reads back.
 * Line breaks stay where they are.
 */
export function quoteNonFinite(text: string): string {
  return text.replace(STRING_OR_BARE_WORD, (found) => (found.startsWith('"') ? found : `"\\u0000${found}"`));
}

/** Undefined for what is no JSON. */
export function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the text may hold a bare NaN or Infinity, as Python spells them. */
export function mayHoldNonFinite(text: string): boolean {
  return text.includes("NaN") || text.includes("Infinity");
}

/** The value of a marked string, undefined for any other. */
export function nonFiniteOf(marked: string): number | undefined {
  if (!marked.startsWith(MARK)) {
    return undefined;
  }
  if (marked.endsWith("n") || marked.endsWith("N")) {
    return Number.NaN;
  }
  return marked.startsWith("-", 1) ? -Infinity : Infinity;
}
