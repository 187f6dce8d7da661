/** Element types a checkpoint can hold: by the names safetensors gives them, blocks by the names ggml gives them. */
export type DType = PlainDType | QuantisedDType;

/** Every element has bits of its own. */
export type PlainDType =
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
  | "I4"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "U4"
  | "BOOL";

/** Elements in blocks that share scales: only whole blocks can be read. */
export type QuantisedDType = keyof typeof BLOCKS;

export interface Block {
  readonly elements: number;
  readonly bytes: number;
}

/** ggml-common.h. */
const BLOCKS = {
  Q1_0: { elements: 128, bytes: 18 },
  Q4_0: { elements: 32, bytes: 18 },
  Q4_1: { elements: 32, bytes: 20 },
  Q5_0: { elements: 32, bytes: 22 },
  Q5_1: { elements: 32, bytes: 24 },
  Q8_0: { elements: 32, bytes: 34 },
  Q2_K: { elements: 256, bytes: 84 },
  Q3_K: { elements: 256, bytes: 110 },
  Q4_K: { elements: 256, bytes: 144 },
  Q5_K: { elements: 256, bytes: 176 },
  Q6_K: { elements: 256, bytes: 210 },
  Q8_K: { elements: 256, bytes: 292 },
  IQ1_S: { elements: 256, bytes: 50 },
  IQ1_M: { elements: 256, bytes: 56 },
  IQ2_XXS: { elements: 256, bytes: 66 },
  IQ2_XS: { elements: 256, bytes: 74 },
  IQ2_S: { elements: 256, bytes: 82 },
  IQ3_XXS: { elements: 256, bytes: 98 },
  IQ3_S: { elements: 256, bytes: 110 },
  IQ4_NL: { elements: 32, bytes: 18 },
  IQ4_XS: { elements: 256, bytes: 136 },
  TQ1_0: { elements: 256, bytes: 54 },
  TQ2_0: { elements: 256, bytes: 66 },
  MXFP4: { elements: 32, bytes: 17 },
  NVFP4: { elements: 64, bytes: 36 },
} as const satisfies Readonly<Record<string, Block>>;

/** Bits of one element. Below 8 the elements are packed, two to a byte with the first in the low half. */
const BITS: Readonly<Record<PlainDType, number>> = {
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
  I4: 4,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  U4: 4,
  BOOL: 8,
};

export function isDType(name: string): name is DType {
  return Object.hasOwn(BITS, name) || Object.hasOwn(BLOCKS, name);
}

export function isQuantised(dtype: DType): dtype is QuantisedDType {
  return Object.hasOwn(BLOCKS, dtype);
}

/** The elements and bytes that belong together; of a plain type one element, or two where they share a byte. */
export function blockOf(dtype: DType): Block {
  if (isQuantised(dtype)) {
    return BLOCKS[dtype];
  }
  const bits = BITS[dtype];
  return bits === 4 ? { elements: 2, bytes: 1 } : { elements: 1, bytes: bits / 8 };
}

/** Of a quantised type the average, with its share of the scales: a fraction that is exact in binary. */
export function bitsOf(dtype: DType): number {
  if (isQuantised(dtype)) {
    const { elements, bytes } = BLOCKS[dtype];
    return (bytes * 8) / elements;
  }
  return BITS[dtype];
}

/** Integers and booleans are counters and masks; they are never gradients. What is quantised stands for floats. */
export function isFloating(dtype: DType): boolean {
  return dtype.startsWith("F") || dtype.startsWith("BF") || isComplex(dtype) || isQuantised(dtype);
}

/** Pairs of floats, real part first. */
export function isComplex(dtype: DType): boolean {
  return dtype === "C128" || dtype === "C64" || dtype === "C32";
}
