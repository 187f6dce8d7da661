/** What each of the 256 codes of a byte stands for. */
export interface ByteTable {
  /** The element; empty where a byte holds two, which are then never NaN or ±Inf. */
  readonly values: Float64Array;
  readonly squares: Float64Array;
  readonly magnitudes: Float64Array;
}

interface SmallFloat {
  readonly fractionBits: number;
  readonly bias: number;
}

const E4M3: SmallFloat = { fractionBits: 3, bias: 7 };
const E5M2: SmallFloat = { fractionBits: 2, bias: 15 };

export const BOOL_TABLE = tableOf((code) => (code === 0 ? 0 : 1));
export const U8_TABLE = tableOf((code) => code);
export const I8_TABLE = tableOf((code) => (code > 127 ? code - 256 : code));

/** OCP 8-bit floats: E4M3FN has no infinity and one NaN for each sign, E5M2 has IEEE 754's. */
export const E4M3_TABLE = tableOf((code) => (code % 128 === 0x7f ? Number.NaN : smallFloat(code, E4M3)));
export const E5M2_TABLE = tableOf((code) => (code % 128 < 0x7c ? smallFloat(code, E5M2) : nonFiniteE5M2(code)));

/** The FNUZ kinds have no infinity and no negative zero: that code is their only NaN. */
export const E4M3FNUZ_TABLE = tableOf((code) => (code === 0x80 ? Number.NaN : smallFloat(code, { ...E4M3, bias: 8 })));
export const E5M2FNUZ_TABLE = tableOf((code) => (code === 0x80 ? Number.NaN : smallFloat(code, { ...E5M2, bias: 16 })));

/** Powers of two for block scales: no sign, no zero. */
export const E8M0_TABLE = tableOf((code) => (code === 0xff ? Number.NaN : 2 ** (code - 127)));

/** Magnitudes of the eight E2M1 codes without their sign. */
export const F4_MAGNITUDES = [0, 0.5, 1, 1.5, 2, 3, 4, 6] as const;

/** Two E2M1 elements in a byte. */
export const F4_TABLE = pairTable((code) => F4_MAGNITUDES[code & 7] ?? 0); // The fourth bit is the sign, which no norm sees.

/** Two integers of four bits in a byte. */
export const U4_TABLE = pairTable((code) => code);
export const I4_TABLE = pairTable((code) => Math.abs(signedNibble(code)));

/** Two's complement. */
export function signedNibble(code: number): number {
  return code > 7 ? code - 16 : code;
}

function tableOf(valueOf: (code: number) => number): ByteTable {
  const values = Float64Array.from({ length: 256 }, (_, code) => valueOf(code));
  return { values, squares: values.map((value) => value * value), magnitudes: values.map(Math.abs) };
}

/** Sign bit on top; exponent 0 means subnormal. */
function smallFloat(code: number, { fractionBits, bias }: SmallFloat): number {
  const sign = code > 127 ? -1 : 1;
  const steps = 2 ** fractionBits;
  const exponent = Math.floor((code % 128) / steps);
  const fraction = (code % steps) / steps;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

function nonFiniteE5M2(code: number): number {
  if (code % 4 !== 0) {
    return Number.NaN;
  }
  return code > 127 ? -Infinity : Infinity;
}

/** The low half of a byte is the first element. */
function pairTable(magnitudeOf: (code: number) => number): ByteTable {
  const low = Float64Array.from({ length: 256 }, (_, code) => magnitudeOf(code % 16));
  const high = Float64Array.from({ length: 256 }, (_, code) => magnitudeOf(Math.floor(code / 16)));
  return {
    values: new Float64Array(),
    squares: low.map((value, code) => value ** 2 + (high[code] ?? 0) ** 2),
    magnitudes: low.map((value, code) => Math.max(value, high[code] ?? 0)),
  };
}
