import { matchesName } from "#core/names/namePattern.ts";

/**
 * Tells which names a filter text keeps: every word must occur, in the name or in another one it goes by; `*` and `?` stand
 * for any text and any character.
 */
export function createNameFilter(text: string): (name: string, alias?: string) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const tests = words.map(
    (word) => (name: string) => (/[*?]/.test(word) ? matchesName(word, name) : name.includes(word)),
  );
  return (name, alias) => {
    const names = (alias === undefined ? [name] : [name, alias]).map((each) => each.toLowerCase());
    return tests.every((test) => names.some(test));
  };
}
