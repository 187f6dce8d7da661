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
  const canEnd = endOf(token);
  const after = new Uint8Array(before.length);
  let wasReached = false;
  for (const used of before.keys()) {
    const place: Place = {
      isReached: before[used] === 1,
      wasReached,
      couldBegin: before[used - 1] === 1,
      couldEnd: after[used - 1] === 1,
      last: path[used - 1],
    };
    after[used] = Number(canEnd(place));
    wasReached ||= place.isReached;
  }
  return after;
}

/** Between two characters of a path: what was reached before a token, and what the token has reached so far. */
interface Place {
  /** Here, before the token. */
  readonly isReached: boolean;
  /** Anywhere further left, before the token. */
  readonly wasReached: boolean;
  /** One character to the left, before the token. */
  readonly couldBegin: boolean;
  /** One character to the left, with the token. */
  readonly couldEnd: boolean;
  /** The character to the left. */
  readonly last: string | undefined;
}

/** Whether a token may end at a place. */
function endOf(token: string): (place: Place) => boolean {
  switch (token) {
    case "*":
      return ({ isReached, couldEnd, last }) => isReached || (couldEnd && last !== "/");
    case "?":
      return ({ couldBegin, last }) => couldBegin && last !== "/";
  }
  if (token.startsWith("**")) {
    const isFolder = token.endsWith("/");
    return ({ isReached, wasReached, last }) => isReached || (wasReached && (!isFolder || last === "/"));
  }
  return ({ couldBegin, last }) => couldBegin && last === token;
}
