import { type Dequantiser, scaleAt } from "./block.ts";

// Blocks of 32 elements with a float16 scale d, and a smallest value m where they have no fixed middle. The low halves of
// the bytes are the first 16 elements, the high halves the others.

const HALF = 16;

/** 128 elements, each d or -d by a bit of its own. */
export const q1: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let element = 0; element < 8 * HALF; element += 1) {
    const bit = (block.getUint8(at + 2 + (element >> 3)) >> (element & 7)) & 1;
    out[to + element] = bit === 1 ? d : -d;
  }
};

export const q4WithMiddle: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let index = 0; index < HALF; index += 1) {
    const pair = block.getUint8(at + 2 + index);
    out[to + index] = d * ((pair & 15) - 8);
    out[to + HALF + index] = d * ((pair >> 4) - 8);
  }
};

export const q4WithMinimum: Dequantiser = (block, at, out, to) => {
  const [d, m] = [scaleAt(block, at), scaleAt(block, at + 2)];
  for (let index = 0; index < HALF; index += 1) {
    const pair = block.getUint8(at + 4 + index);
    out[to + index] = Math.fround(d * (pair & 15)) + m;
    out[to + HALF + index] = Math.fround(d * (pair >> 4)) + m;
  }
};

/** The fifth bits of all elements stand together before the others. */
export const q5WithMiddle: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  const fifth = block.getUint32(at + 2, true);
  for (let index = 0; index < HALF; index += 1) {
    const pair = block.getUint8(at + 6 + index);
    out[to + index] = d * (((pair & 15) | (((fifth >>> index) & 1) << 4)) - 16);
    out[to + HALF + index] = d * (((pair >> 4) | (((fifth >>> (HALF + index)) & 1) << 4)) - 16);
  }
};

export const q5WithMinimum: Dequantiser = (block, at, out, to) => {
  const [d, m] = [scaleAt(block, at), scaleAt(block, at + 2)];
  const fifth = block.getUint32(at + 4, true);
  for (let index = 0; index < HALF; index += 1) {
    const pair = block.getUint8(at + 8 + index);
    out[to + index] = Math.fround(d * ((pair & 15) | (((fifth >>> index) & 1) << 4))) + m;
    out[to + HALF + index] = Math.fround(d * ((pair >> 4) | (((fifth >>> (HALF + index)) & 1) << 4))) + m;
  }
};

export const q8: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  for (let index = 0; index < 2 * HALF; index += 1) {
    out[to + index] = d * block.getInt8(at + 2 + index);
  }
};
