/** A name and what is printed for it. */
export interface Pair {
  readonly name: string;
  readonly printed: string;
  /** Where the value stands in the line. */
  readonly start: number;
  readonly end: number;
}

/** `offset` is where the body begins in its line. A value without a name is of no series. */
export function pairsIn(body: string, offset: number, pattern: RegExp): Pair[] {
  const pairs = Array.from(body.matchAll(pattern), (match) => {
    const [whole, name = "", printed = ""] = match;
    const end = offset + match.index + whole.length;
    return { name: name.trim(), printed, start: end - printed.length, end };
  });
  return pairs.filter(({ name }) => name !== "");
}
