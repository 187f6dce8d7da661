import type { Interval } from "#analysis/clipping/bootstrap.ts";
import type { NamedValueClip, ValueClip, ValueClipReview } from "#analysis/clipping/reviewValueClip.ts";
import { formatCount, formatNorm, formatNumber } from "#core/format.ts";
import { describeRefusal } from "./clipByValueDocument.ts";
import type { ValueClipContext } from "./clipByValueDocument.ts";
import { formatTable } from "../text/table.ts";

type Effect = ValueClip["effects"][number];

/** For people: what each limit does to the gradient, and which tensors it turns most. */
export function valueClipTextOf(review: ValueClipReview, { source, isPerTensor }: ValueClipContext): string {
  const { whole, tensors } = review;
  const { elements, norm, largest, effects } = whole;
  const refused = describeRefusal(review);
  const rows = effects.map((effect) => [formatNumber(effect.limit), ...cellsOf(effect)]);
  return [
    `${source}\n`,
    `gradient of ${formatCount(tensors.length, "tensor")}, ${formatCount(elements, "element")}: `,
    `norm ${formatNorm(norm)}, max |x| ${formatNumber(largest)}\n\n`,
    refused === undefined ? formatTable(["limit", ...HEADER], rows) : `${refused}\n`,
    ...(isPerTensor ? limitsOf(tensors).map((limit) => tensorText(tensors, limit)) : []),
    refused === undefined || isPerTensor ? "\nWhere two numbers stand, the true one is between them.\n" : "",
  ].join("");
}

const HEADER = ["elements cut", "norm after", "cosine"];

function cellsOf({ clippedShare, norm, cosine }: Effect): string[] {
  return [
    `${rangeText(clippedShare, percentDigits)} %`,
    rangeText(norm, formatNumber),
    rangeText(cosine, (value) => value.toFixed(4)),
  ];
}

/** `12–19`, or one number where both ends read alike. */
function rangeText([low, high]: Interval, format: (value: number) => string): string {
  const [from, to] = [format(low), format(high)];
  return from === to ? from : `${from}–${to}`;
}

/** In percent with two digits; only what is exactly none or all is 0 or 100. */
function percentDigits(share: number): string {
  return share > 0.99 && share < 1
    ? String(Math.floor(1000 * share) / 10)
    : formatNumber(Number((100 * share).toPrecision(2)));
}

function limitsOf(tensors: readonly ValueClip[]): readonly number[] {
  return tensors.find(({ effects }) => effects.length > 0)?.effects.map(({ limit }) => limit) ?? [];
}

/** The tensors that a limit cuts, the one that it may turn most first. */
function tensorText(tensors: readonly NamedValueClip[], limit: number): string {
  const rows = tensors
    .flatMap(({ name, norm, effects }) =>
      effects.filter((effect) => effect.limit === limit).map((effect) => ({ name, norm, effect })),
    )
    .filter(({ effect }) => effect.clippedShare[1] > 0)
    .toSorted((one, other) => one.effect.cosine[0] - other.effect.cosine[0])
    .map(({ name, norm, effect }) => [name, formatNumber(norm), ...cellsOf(effect)]);
  const head = `\n${formatNumber(limit)} cuts elements of ${rows.length} of ${formatCount(tensors.length, "tensor")}.\n`;
  return rows.length === 0 ? head : `${head}${formatTable(["tensor", "norm", ...HEADER], rows)}`;
}
