import { float16Value } from "../halfKernel.ts";

import { type Dequantiser, scaleAt } from "./block.ts";
import { type Grid, lazyGrid } from "./grid.ts";
import { IQ1_S_GRID, IQ2_S_GRID, IQ2_XS_GRID, IQ2_XXS_GRID, IQ3_S_GRID, IQ3_XXS_GRID } from "./grids.ts";

// Blocks of 256 elements in 32 rows of eight. A row is a vector of a grid, or two of four elements; beside it stand the signs
// of its elements and a scale that some rows share.

const IQ2_VALUES = [0x08, 0x19, 0x2b];
const iq2xxsGrid = lazyGrid({ base64: IQ2_XXS_GRID, length: 8, values: IQ2_VALUES });
const iq2xsGrid = lazyGrid({ base64: IQ2_XS_GRID, length: 8, values: IQ2_VALUES });
const iq2sGrid = lazyGrid({ base64: IQ2_S_GRID, length: 8, values: IQ2_VALUES });
const iq3xxsGrid = lazyGrid({
  base64: IQ3_XXS_GRID,
  length: 4,
  values: [0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3e],
});
const iq3sGrid = lazyGrid({ base64: IQ3_S_GRID, length: 4, values: [1, 3, 5, 7, 9, 11, 13, 15] });
const iq1Grid = lazyGrid({ base64: IQ1_S_GRID, length: 8, values: [-1, 0, 1] });

const ROWS = 32;
const ROW = 8;

interface SignedVector {
  readonly vector: number;
  readonly scale: number;
  /** A bit for each element: whether it is negative. */
  readonly signs: number;
}

function putSigned(
  out: Float32Array,
  to: number,
  { length, values }: Grid,
  { vector, scale, signs }: SignedVector,
): void {
  for (let element = 0; element < length; element += 1) {
    const value = Math.fround(scale * (values[vector * length + element] ?? 0));
    out[to + element] = ((signs >> element) & 1) === 1 ? -value : value;
  }
}

/** Seven signs; the eighth makes the number of negative ones even. */
function evenSigns(seven: number): number {
  let parity = seven;
  parity ^= parity >> 4;
  parity ^= parity >> 2;
  parity ^= parity >> 1;
  return seven | ((parity & 1) << 7);
}

/** The four bits of a row's scale: two rows share them. */
function fourBitScale(block: DataView, start: number, row: number): number {
  return (block.getUint8(start + (row >> 2)) >> (4 * ((row >> 1) & 1))) & 15;
}

/** (0.5 + n) · d, a half or a quarter of it, each product rounded. */
function halfScale(d: number, bits: number, part: number): number {
  return Math.fround(Math.fround(d * (0.5 + bits)) * part);
}

/** d 2; for four rows their vectors 4, then 28 bits of signs and 4 of the scale. */
export const iq2xxs: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let row = 0; row < ROWS; row += 1) {
    const group = at + 2 + 8 * (row >> 2);
    const word = block.getUint32(group + 4, true);
    const scale = halfScale(d, word >>> 28, 0.25);
    const signs = evenSigns((word >>> (7 * (row & 3))) & 127);
    putSigned(out, to + ROW * row, iq2xxsGrid(), { vector: block.getUint8(group + (row & 3)), scale, signs });
  }
};

/** d 2; for each row nine bits of its vector and seven of its signs 64; scales 8. */
export const iq2xs: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let row = 0; row < ROWS; row += 1) {
    const word = block.getUint16(at + 2 + 2 * row, true);
    const scale = halfScale(d, fourBitScale(block, at + 66, row), 0.25);
    putSigned(out, to + ROW * row, iq2xsGrid(), { vector: word & 511, scale, signs: evenSigns(word >> 9) });
  }
};

/** d 2, vectors 32, signs 32, upper bits of the vectors 8, scales 8. */
export const iq2s: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let row = 0; row < ROWS; row += 1) {
    const upper = (block.getUint8(at + 66 + (row >> 2)) >> (2 * (row & 3))) & 3;
    const vector = block.getUint8(at + 2 + row) | (upper << 8);
    const scale = halfScale(d, fourBitScale(block, at + 74, row), 0.25);
    putSigned(out, to + ROW * row, iq2sGrid(), { vector, scale, signs: block.getUint8(at + 34 + row) });
  }
};

/** d 2, vectors of half rows 64; for four rows 28 bits of signs and 4 of the scale. */
export const iq3xxs: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let half = 0; half < 2 * ROWS; half += 1) {
    const row = half >> 1;
    const word = block.getUint32(at + 66 + 4 * (row >> 2), true);
    const scale = halfScale(d, word >>> 28, 0.5);
    const signs = evenSigns((word >>> (7 * (row & 3))) & 127) >> (4 * (half & 1));
    putSigned(out, to + 4 * half, iq3xxsGrid(), { vector: block.getUint8(at + 2 + half), scale, signs });
  }
};

/** d 2, vectors of half rows 64, their ninth bits 8, signs 32, scales of four rows 4. */
export const iq3s: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let half = 0; half < 2 * ROWS; half += 1) {
    const row = half >> 1;
    const ninth = (block.getUint8(at + 66 + (half >> 3)) >> (half & 7)) & 1;
    const vector = block.getUint8(at + 2 + half) | (ninth << 8);
    const bits = (block.getUint8(at + 106 + (row >> 3)) >> (4 * ((row >> 2) & 1))) & 15;
    const signs = block.getUint8(at + 74 + row) >> (4 * (half & 1));
    putSigned(out, to + 4 * half, iq3sGrid(), { vector, scale: Math.fround(d * (1 + 2 * bits)), signs });
  }
};

interface ShiftedVector {
  readonly vector: number;
  readonly scale: number;
  readonly isLowered: boolean;
}

/** -1, 0 or 1, and an eighth more or less. */
function putShifted(out: Float32Array, to: number, { vector, scale, isLowered }: ShiftedVector): void {
  const { values } = iq1Grid();
  for (let element = 0; element < ROW; element += 1) {
    out[to + element] = scale * ((values[vector * ROW + element] ?? 0) + (isLowered ? -0.125 : 0.125));
  }
}

/** d 2, vectors 32; for four rows three more bits of each vector, three of the scale, one of the shift. */
export const iq1s: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let row = 0; row < ROWS; row += 1) {
    const word = block.getUint16(at + 34 + 2 * (row >> 2), true);
    const vector = block.getUint8(at + 2 + row) | (((word >> (3 * (row & 3))) & 7) << 8);
    const scale = Math.fround(d * (2 * ((word >> 12) & 7) + 1));
    putShifted(out, to + ROW * row, { vector, scale, isLowered: word >> 15 === 1 });
  }
};

/** Vectors 32; for each row three more bits of its vector and one of the shift 16; four times four scales and a quarter of d 8. */
export const iq1m: Dequantiser = (block, at, out, to) => {
  const word = (index: number): number => block.getUint16(at + 48 + 2 * index, true);
  const d = float16Value((word(0) >> 12) | ((word(1) >> 8) & 0xf0) | ((word(2) >> 4) & 0xf00) | (word(3) & 0xf000));
  for (let row = 0; row < ROWS; row += 1) {
    const four = (block.getUint8(at + 32 + (row >> 1)) >> (4 * (row & 1))) & 15;
    const vector = block.getUint8(at + row) | ((four & 7) << 8);
    const bits = (word(row >> 3) >> (3 * ((row >> 1) & 3))) & 7;
    putShifted(out, to + ROW * row, { vector, scale: Math.fround(d * (2 * bits + 1)), isLowered: four > 7 });
  }
};
