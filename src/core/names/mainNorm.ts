import type { SeriesKey } from "../series.ts";

/**
 * How little a global norm says of the whole training, by its name: 0 where nothing in it limits it. The norm of one of
 * several models, one after clipping, over samples, and that of another process stand back behind it.
 */
export function normReserve({ name, axis }: Pick<SeriesKey, "name" | "axis">): number {
  return LIMITS.filter((limit) => limit.test(name)).length + Number(axis !== undefined);
}

const LIMITS: readonly RegExp[] = [
  wordOf("actor|critic|policy|value|reward|generator|discriminator|gen|disc|g|d"),
  wordOf(String.raw`clipped|(?:post|after)[_ -]?clip(?:ping|ped)?`),
  / \(rank \d+\)$/,
];

function wordOf(words: string): RegExp {
  return new RegExp(String.raw`(?:^|[/._ -])(?:${words})(?=$|[/._ -])`, "i");
}
