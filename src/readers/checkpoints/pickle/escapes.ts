/** The text of a Python literal in quotes; undefined when it is not in quotes. */
export function decodeQuoted(line: string): string | undefined {
  const quoted = /^(['"])(.*)\1\s*$/s.exec(line)?.[2];
  return quoted === undefined ? undefined : decodeEscapes(quoted, "string");
}

/** Backslashes of a string literal, or only `\u` and `\U`, as protocol 0 writes unicode. */
export function decodeEscapes(text: string, literal: "string" | "unicode"): string {
  return literal === "unicode"
    ? text.replaceAll(/\\(?:u[\da-f]{4}|U00[\da-f]{6})/gi, (escape) => letter(escape.slice(2), 16))
    : text.replaceAll(/\\(?:x[\da-f]{2}|[0-7]{1,3}|.)/gis, unescaped);
}

function unescaped(escape: string): string {
  const [, first = ""] = escape;
  if (first === "x" && escape.length > 2) {
    return letter(escape.slice(2), 16);
  }
  return /[0-7]/.test(first) ? letter(escape.slice(1), 8) : (NAMED.get(first) ?? first);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
]);

const REPLACEMENT = 0xff_fd;
const LAST_CODE = 0x10_ff_ff;

function letter(digits: string, base: 8 | 16): string {
  const code = Number.parseInt(digits, base);
  return String.fromCodePoint(code <= LAST_CODE ? code : REPLACEMENT);
}
