/** Element types a checkpoint can hold, by the names safetensors gives them, or would. */
export type DType =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "F8_E4M3"
  | "F8_E5M2"
  | "F8_E4M3FNUZ"
  | "F8_E5M2FNUZ"
  | "F8_E8M0"
  | "F6_E2M3"
  | "F6_E3M2"
  | "F4"
  | "C128"
  | "C64"
  | "C32"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** Bits of one element. Below 8 the elements are packed. */
const BITS: Readonly<Record<DType, number>> = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
  C128: 128,
  C64: 64,
  C32: 32,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
};

export function isDType(name: string): name is DType {
  return Object.hasOwn(BITS, name);
}

export function bitsOf(dtype: DType): number {
  return BITS[dtype];
}

/** Integers and booleans are counters and masks; they are never gradients. */
export function isFloating(dtype: DType): boolean {
  return dtype.startsWith("F") || dtype.startsWith("BF") || isComplex(dtype);
}

/** Pairs of floats, real part first. */
export function isComplex(dtype: DType): boolean {
  return dtype === "C128" || dtype === "C64" || dtype === "C32";
}
