const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
// np.float64(1.0), tensor(1.23, device='cuda:0'), array(1.2, dtype=float32)
const WRAPPED = /^(?:\w+\.)*(?:float\d*|tensor|DTensor|array)\(\s*([^\s,()]+)\s*(?:,[^()]*)?\)$/;
const NON_FINITE = /^([+-]?)(?:(nan)|inf(?:inity)?)$/i;

/** A number as programs print it, NaN and infinities in any spelling; undefined for anything else, also for nothing. */
export function parseNumber(printed: string): number | undefined {
  const text = printed.trim();
  if (DECIMAL.test(text)) {
    return Number(text);
  }
  const nonFinite = NON_FINITE.exec(text);
  if (nonFinite !== null) {
    return nonFinite[2] === undefined ? (nonFinite[1] === "-" ? -Infinity : Infinity) : Number.NaN;
  }
  if (THOUSANDS.test(text)) {
    return Number(text.replaceAll(",", ""));
  }
  const inner = WRAPPED.exec(text)?.[1];
  return inner === undefined ? undefined : parseNumber(inner);
}
