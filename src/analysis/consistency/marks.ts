import { FACTORS } from "./ratio.ts";

/** A ratio worth a line of its own on a chart of ratios. */
export interface Mark {
  readonly value: number;
  /** `√8`, `1/2`, `1`. */
  readonly text: string;
}

/** More lines than this hide the ratios. */
const MOST_MARKS = 7;

/** 1, and the factors that norms go wrong by and their inverses within a range of ratios: the ones nearest to `middle`. */
export function marksIn(range: { readonly low: number; readonly high: number }, middle: number): readonly Mark[] {
  const both = FACTORS.flatMap(({ value, text }) => [
    { value, text },
    { value: 1 / value, text: `1/${text}` },
  ]);
  const distance = ({ value }: Mark): number => Math.abs(Math.log(value / middle));
  const byValue = Map.groupBy(both, ({ value }) => value.toPrecision(9));
  const near = Array.from(byValue.values(), ([first, ...others]) => nameAll(first, others))
    .flatMap((mark) => mark ?? [])
    .filter(({ value }) => value >= range.low && value <= range.high)
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, MOST_MARKS);
  return [{ value: 1, text: "1" }, ...near];
}

/** √4 and 2 and 2^1 are one line: it has the shortest name. */
function nameAll(first: Mark | undefined, others: readonly Mark[]): Mark | undefined {
  return first && [first, ...others].reduce((best, one) => (one.text.length < best.text.length ? one : best));
}
