export interface AxisRange {
  readonly min: number;
  readonly max: number;
}

export interface Ticks {
  readonly major: readonly number[];
  readonly minor: readonly number[];
}

/** Share of the height left free above and below the data. */
const MARGIN = 0.06;
/** A calm curve is not blown up to fill the panel: at least this many decades are shown. */
const LEAST_DECADES = 0.3;
const MOST_DECADE_LABELS = 8;
const EMPTY_LOG: AxisRange = { min: 0.1, max: 10 };
const EMPTY_LINEAR: AxisRange = { min: 0, max: 1 };

/** Range of a log axis around positive data. */
export function logRange(low: number, high: number): AxisRange {
  if (!(low > 0 && low <= high)) {
    return EMPTY_LOG;
  }
  const middle = (Math.log10(low) + Math.log10(high)) / 2;
  const half = Math.max(Math.log10(high) - Math.log10(low), LEAST_DECADES) * (0.5 + MARGIN);
  return { min: Math.max(10 ** (middle - half), Number.MIN_VALUE), max: Math.min(10 ** (middle + half), 1e308) };
}

export function linearRange(low: number, high: number): AxisRange {
  if (!(low <= high)) {
    return EMPTY_LINEAR;
  }
  const margin = low === high ? Math.max(Math.abs(low) * 0.5, 1e-12) : (high - low) * MARGIN;
  return { min: low - margin, max: high + margin };
}

/** Decades when there are at least two, else 1-2-5, else evenly spaced round values. */
export function logTicks({ min, max }: AxisRange): Ticks {
  const first = Math.ceil(Math.log10(min));
  const last = Math.floor(Math.log10(max));
  if (last - first >= 1) {
    const stride = Math.ceil((last - first + 1) / MOST_DECADE_LABELS);
    const decades = multiples([1], { min, max });
    const major = decades.filter((_, index) => (first + index) % stride === 0);
    return { major, minor: stride > 1 ? decades : multiples([2, 3, 4, 5, 6, 7, 8, 9], { min, max }) };
  }
  const major = multiples([1, 2, 5], { min, max });
  if (major.length >= 3) {
    return { major, minor: multiples([3, 4, 6, 7, 8, 9], { min, max }) };
  }
  return { major: evenTicks({ min, max }, 4), minor: [] };
}

/** Round values in the range, about `wanted` of them. */
export function evenTicks({ min, max }: AxisRange, wanted: number): number[] {
  const rough = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const ratio = rough / power;
  const spacing = power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
  const from = Math.ceil(min / spacing);
  const to = Math.floor(max / spacing);
  if (!Number.isFinite(from) || !(to >= from)) {
    return [];
  }
  return Array.from({ length: to - from + 1 }, (_, index) => roundOff((from + index) * spacing));
}

/** Round whole numbers in the range, `wanted` of them or fewer; fractions only where it has no whole number. */
export function wholeTicks({ min, max }: AxisRange, wanted: number): number[] {
  const whole = evenTicks({ min, max }, Math.min(wanted, max - min));
  return whole.length > 0 ? whole : evenTicks({ min, max }, wanted);
}

/** Whether a value stands so near to an end of a log axis that its label would touch what is beyond. */
export function isAtEdge(value: number, { min, max }: AxisRange, share: number): boolean {
  const place = Math.log(value / min) / Math.log(max / min);
  return place < share || place > 1 - share;
}

/** `1e-3`, `0.01`, `0.1`, `1`, `1000`, `1e4`. */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0095 || size >= 9999.5)) {
    const [mantissa = "", exponent = ""] = value.toExponential(3).split("e");
    return `${Number(mantissa)}e${Number(exponent)}`;
  }
  return String(roundOff(value));
}

function multiples(factors: readonly number[], { min, max }: AxisRange): number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (value >= min && value <= max) {
        found.push(value);
      }
    }
  }
  return found;
}

/** Takes away what adding binary fractions left behind. */
function roundOff(value: number): number {
  return Number(value.toPrecision(12));
}
