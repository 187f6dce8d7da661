import type { SeriesKey } from "../series.ts";

/**
 * How far a global norm stands back when it is asked which of a run's speaks for the whole training, by its name. The
 * norm of one of several models, one after clipping, over samples, or of another process stand back behind a plain one,
 * and that behind one which says that it was taken before clipping.
 */
export function normReserve({ name, axis }: Pick<SeriesKey, "name" | "axis">): number {
  const limits = LIMITS.filter((limit) => limit.test(name)).length + Number(axis !== undefined);
  return 2 * limits - Number(BEFORE_CLIPPING.test(name));
}

const LIMITS: readonly RegExp[] = [
  wordOf("actor|critic|policy|value|reward|generator|discriminator|gen|disc|g|d"),
  wordOf(String.raw`clipped|(?:post|after)[_ -]?clip(?:ping|ped)?`),
  / \(rank \d+\)$/,
];

const BEFORE_CLIPPING = wordOf(String.raw`raw|unclipped|(?:pre|before)[_ -]?clip(?:ping|ped)?`);

function wordOf(words: string): RegExp {
  return new RegExp(String.raw`(?:^|[/._ -])(?:${words})(?=$|[/._ -])`, "i");
}
