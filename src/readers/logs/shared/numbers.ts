const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}(?:([,_])\d{3})(?:\1\d{3})*(?:\.\d+)?$/;
const WITH_UNIT = /^[+-]?\d+(?:\.\d+)?[kKMBT]$/;
const POWERS: Readonly<Record<string, number>> = { k: 3, K: 3, M: 6, B: 9, T: 12 };
const QUOTED = /^(['"])([^'"]*)\1$/;
// np.float64(1.0), tensor(1.23, device='cuda:0'), array(1.2, dtype=float32), DTensor(local_tensor=tensor(1.2), …)
const WRAPPED = /^(?:\w+\.)*(?:float\d*|int\d*|tensor|DTensor|array)\((?:local_tensor=)?(.{1,300})\)$/;
// nanotron looks for the unit of an infinity, too, and ends at `infE`.
const NON_FINITE = /^([+-]?)(?:(nan)|inf(?:inity|E)?)$/i;
const MISSING = /^(?:na|n\/a|none|null|-+)?$/i;

/**
 * Source of a pattern for a number as programs print it. A unit that follows is not part of it, so `250.11ms` is read
 * as 250.11 and `12.34GiB` as 12.34.
 */
export const NUMBER = String.raw`(?:(?:\w+\.)*(?:float\d*|int\d*|tensor|DTensor|array)\([^()\n]{1,200}\)|[+-]?(?:(?:\d+(?:[,_]\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?:[kKMBT](?![\w/]))?|(?:nan|NaN|NAN|inf|Inf|INF)(?:inity|E)?(?!\w)))`;

// A tensor with its device and mesh; text that is longer is none.
const MAX_PRINTED_LENGTH = 500;

/** A number as programs print it, NaN and infinities in any spelling; undefined for anything else, also for nothing. */
export function parseNumber(printed: string): number | undefined {
  const text = printed.trim();
  if (DECIMAL.test(text)) {
    return Number(text);
  }
  return text.length > MAX_PRINTED_LENGTH ? undefined : parseRare(text);
}

/** Words that programs print where they have no value. */
export function isMissing(printed: string): boolean {
  return MISSING.test(printed.trim());
}

/**
 * Half a unit of the last digit printed: `0.000` may have been anything below 0.0005. Undefined for what does not tell:
 * whole numbers, a single decimal (Python prints a round number so), and powers of ten, which have digits for any size.
 */
export function printedResolution(printed: string): number | undefined {
  const decimals = /^[+-]?[\d,]*\.(\d{2,})$/.exec(printed.trim())?.[1]?.length;
  return decimals === undefined ? undefined : resolutionOf(decimals);
}

function resolutionOf(decimals: number): number {
  return Number(`5e-${decimals + 1}`);
}

function parseRare(text: string): number | undefined {
  const nonFinite = NON_FINITE.exec(text);
  if (nonFinite !== null) {
    return nonFinite[2] === undefined ? (nonFinite[1] === "-" ? -Infinity : Infinity) : Number.NaN;
  }
  if (GROUPED.test(text)) {
    return Number(text.replaceAll(/[,_]/g, ""));
  }
  if (WITH_UNIT.test(text)) {
    return Number(`${text.slice(0, -1)}e${POWERS[text.slice(-1)]}`);
  }
  const inner = QUOTED.exec(text)?.[2] ?? firstArgument(WRAPPED.exec(text)?.[1]);
  return inner === undefined ? undefined : parseNumber(inner);
}

/** Up to the first comma that no bracket encloses. */
function firstArgument(call: string | undefined): string | undefined {
  return call === undefined ? undefined : /^(?:[^,()]|\([^()]*\))*/.exec(call)?.[0];
}
