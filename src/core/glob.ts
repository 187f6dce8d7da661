/**
 * Whether a name or a path with `/` matches a pattern as shells know them: `*` stands for any characters but `/`, `**` for
 * any at all, a leading or inner folder and its slash included, and `?` for one but `/`. All else stands for itself.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(TOKEN, (token) => MEANINGS[token] ?? `\\${token}`)}$`, "su").test(text);
}

const TOKEN = /\*\*\/|\*+|[\\^$.?()[\]{}|/]/g;

const MEANINGS: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
