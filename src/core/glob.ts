/**
 * Whether a name or a path with `/` matches a pattern as shells know them: `*` stands for any characters but `/`, `**` for
 * any at all, a leading or inner folder and its slash included, and `?` for one but `/`. All else stands for itself.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll(TOKEN, meaningOf)}$`, "su").test(text);
}

const TOKEN = /\*{2,}\/|\*+|[\\^$.?+()[\]{}|/]/g;

function meaningOf(token: string): string {
  if (token.startsWith("**")) {
    return token.endsWith("/") ? "(?:.*/)?" : ".*";
  }
  return { "*": "[^/]*", "?": "[^/]" }[token] ?? `\\${token}`;
}
