import { type Dequantiser, scaleAt } from "./block.ts";

// Blocks of 256 elements in 8 or 16 groups, each with a small integer scale, under one float16 scale d; some with a
// smallest value under a second one.

const ELEMENTS = 256;

/** The two bits of an element in 64 bytes: each half of the block has 32 bytes, with four elements 32 apart in each. */
function twoBits(block: DataView, start: number, element: number): number {
  const byte = block.getUint8(start + ((element >> 7) << 5) + (element & 31));
  return (byte >> (2 * ((element >> 5) & 3))) & 3;
}

/** One bit of an element in 32 bytes: bit n of them belongs to the 32 elements of group n. */
function oneBit(block: DataView, start: number, element: number): number {
  return (block.getUint8(start + (element & 31)) >> (element >> 5)) & 1;
}

/** Scales 16, two bits 64, d 2, dmin 2. */
export const q2K: Dequantiser = (block, at, out, to) => {
  const [d, dmin] = [scaleAt(block, at + 80), scaleAt(block, at + 82)];
  for (let group = 0; group < 16; group += 1) {
    const packed = block.getUint8(at + group);
    const scale = Math.fround(d * (packed & 15));
    const minimum = Math.fround(dmin * (packed >> 4));
    for (let element = 16 * group; element < 16 * group + 16; element += 1) {
      out[to + element] = Math.fround(scale * twoBits(block, at + 16, element)) - minimum;
    }
  }
};

/** Third bits 32, two bits 64, scales 12, d 2. A third bit that is not set takes 4 away. */
export const q3K: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at + 108);
  for (let group = 0; group < 16; group += 1) {
    const scale = Math.fround(d * (sixBitScale(block, at + 96, group) - 32));
    for (let element = 16 * group; element < 16 * group + 16; element += 1) {
      const third = oneBit(block, at, element) === 1 ? 0 : 4;
      out[to + element] = scale * (twoBits(block, at + 32, element) - third);
    }
  }
};

/** Of 16 scales the lower four bits stand in eight bytes, the upper two in the four after them. */
function sixBitScale(block: DataView, start: number, group: number): number {
  const lower = (block.getUint8(start + (group & 7)) >> (4 * (group >> 3))) & 15;
  const upper = (block.getUint8(start + 8 + (group & 3)) >> (2 * (group >> 2))) & 3;
  return lower | (upper << 4);
}

/** d 2, dmin 2, scales and minima 12, four bits 128. */
export const q4K: Dequantiser = (block, at, out, to) => {
  eachGroup(block, at, (group, scale, minimum) => {
    const start = at + 16 + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let index = 0; index < 32; index += 1) {
      const value = (block.getUint8(start + index) >> shift) & 15;
      out[to + 32 * group + index] = Math.fround(scale * value) - minimum;
    }
  });
};

/** d 2, dmin 2, scales and minima 12, fifth bits 32, four bits 128. */
export const q5K: Dequantiser = (block, at, out, to) => {
  eachGroup(block, at, (group, scale, minimum) => {
    const start = at + 48 + 32 * (group >> 1);
    const shift = 4 * (group & 1);
    for (let index = 0; index < 32; index += 1) {
      const fifth = (block.getUint8(at + 16 + index) >> group) & 1;
      const value = ((block.getUint8(start + index) >> shift) & 15) | (fifth << 4);
      out[to + 32 * group + index] = Math.fround(scale * value) - minimum;
    }
  });
};

/** Eight scales and eight minima of six bits: four of each in whole bytes, whose upper bits belong to the other four. */
function eachGroup(
  block: DataView,
  at: number,
  onGroup: (group: number, scale: number, minimum: number) => void,
): void {
  const [d, dmin] = [scaleAt(block, at), scaleAt(block, at + 2)];
  const byte = (index: number): number => block.getUint8(at + 4 + index);
  for (let group = 0; group < 8; group += 1) {
    const isFirst = group < 4;
    const scale = isFirst ? byte(group) & 63 : (byte(group + 4) & 15) | ((byte(group - 4) >> 2) & 0x30);
    const minimum = isFirst ? byte(group + 4) & 63 : (byte(group + 4) >> 4) | ((byte(group) >> 2) & 0x30);
    onGroup(group, Math.fround(d * scale), Math.fround(dmin * minimum));
  }
}

/** Four bits 128, two bits 64, scales 16, d 2. */
export const q6K: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at + 208);
  for (let group = 0; group < 16; group += 1) {
    const scale = Math.fround(d * block.getInt8(at + 192 + group));
    for (let element = 16 * group; element < 16 * group + 16; element += 1) {
      const byte = block.getUint8(at + ((element >> 7) << 6) + (element & 63));
      const lower = (byte >> (4 * ((element >> 6) & 1))) & 15;
      out[to + element] = scale * ((lower | (twoBits(block, at + 128, element) << 4)) - 32);
    }
  }
};

/** A float32 scale, then a byte for each element; sums for products follow. */
export const q8K: Dequantiser = (block, at, out, to) => {
  const d = block.getFloat32(at, true);
  for (let element = 0; element < ELEMENTS; element += 1) {
    out[to + element] = d * block.getInt8(at + 4 + element);
  }
};

/** Two bits 64, d 2: -1, 0 or 1. */
export const ternary2: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at + 64);
  for (let element = 0; element < ELEMENTS; element += 1) {
    out[to + element] = d * (twoBits(block, at, element) - 1);
  }
};

/** Bytes 52, d 2: five digits of base 3 in a byte, as a fraction of 256; the last four bytes have four. */
export const ternary1: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at + 52);
  for (const { from, bytes, digits, element } of TERNARY_RUNS) {
    for (let digit = 0; digit < digits; digit += 1) {
      for (let index = 0; index < bytes; index += 1) {
        const rest = (block.getUint8(at + from + index) * 3 ** digit) & 0xff;
        out[to + element + digit * bytes + index] = d * (((rest * 3) >> 8) - 1);
      }
    }
  }
};

const TERNARY_RUNS = [
  { from: 0, bytes: 32, digits: 5, element: 0 },
  { from: 32, bytes: 16, digits: 5, element: 160 },
  { from: 48, bytes: 4, digits: 4, element: 240 },
] as const;
