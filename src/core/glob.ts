/**
 * Whether a path with `/` matches a pattern as shells know them: `*` stands for any characters but `/`, `**` for any at
 * all, a leading or inner folder and its slash included, and `?` for one but `/`. All else stands for itself. Names of
 * tensors are no paths: `names/namePattern.ts`. It takes time as path times pattern, whoever wrote the pattern.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const characters = Array.from(path);
  let reached = new Uint8Array(characters.length + 1);
  reached[0] = 1;
  for (const token of pattern.match(TOKEN) ?? []) {
    reached = reachedAfter(token, characters, reached);
  }
  return reached.at(-1) === 1;
}

const TOKEN = /\*{2,}\/|\*+|./gsu;

/** How many characters of the path may be used up after one more token of the pattern, all ways at once. */
function reachedAfter(token: string, path: readonly string[], before: Uint8Array): Uint8Array<ArrayBuffer> {
  const after = new Uint8Array(before.length);
  let wasReached = false;
  for (let used = 0; used <= path.length; used += 1) {
    const isReached = before[used] === 1;
    const last = path[used - 1];
    const couldStop = used > 0 && after[used - 1] === 1;
    const couldStart = used > 0 && before[used - 1] === 1;
    after[used] = Number(
      token.startsWith("**")
        ? isReached || (wasReached && (!token.endsWith("/") || last === "/"))
        : token === "*"
          ? isReached || (couldStop && last !== "/")
          : couldStart && (token === "?" ? last !== "/" : last === token),
    );
    wasReached ||= isReached;
  }
  return after;
}
