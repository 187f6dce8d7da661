import { type Dequantiser, scaleAt } from "./block.ts";

// Four bits choose one of sixteen values. The low halves of a group's bytes are its first elements, the high halves the others.

/** kvalues_iq4nl of ggml: finer around zero. */
const NON_LINEAR = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

/** E2M1 times two. */
const DOUBLED_E2M1 = Int8Array.of(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

interface Group {
  readonly table: Int8Array;
  readonly scale: number;
  /** Bytes: half as many as elements. */
  readonly bytes: number;
}

function lookUp(block: DataView, at: number, out: Float32Array, { table, scale, bytes }: Group): void {
  for (let index = 0; index < bytes; index += 1) {
    const pair = block.getUint8(at + index);
    out[index] = scale * (table[pair & 15] ?? 0);
    out[bytes + index] = scale * (table[pair >> 4] ?? 0);
  }
}

/** d 2, codes 16. */
export const nonLinear: Dequantiser = (block, at, out, to) => {
  lookUp(block, at + 2, out.subarray(to), { table: NON_LINEAR, scale: scaleAt(block, at), bytes: 16 });
};

/** d 2, upper bits of eight scales 2, their lower bits 4, codes 128. */
export const nonLinearSuper: Dequantiser = (block, at, out, to) => {
  const d = scaleAt(block, at);
  const upper = block.getUint16(at + 2, true);
  for (let group = 0; group < 8; group += 1) {
    const lower = (block.getUint8(at + 4 + (group >> 1)) >> (4 * (group & 1))) & 15;
    const scale = Math.fround(d * ((lower | (((upper >> (2 * group)) & 3) << 4)) - 32));
    lookUp(block, at + 8 + 16 * group, out.subarray(to + 32 * group), { table: NON_LINEAR, scale, bytes: 16 });
  }
};

/** A power of two 1, codes 16. ggml knows no NaN among the scales. */
export const mxfp4: Dequantiser = (block, at, out, to) => {
  const scale = 2 ** (block.getUint8(at) - 128);
  lookUp(block, at + 1, out.subarray(to), { table: DOUBLED_E2M1, scale, bytes: 16 });
};

/** Four E4M3 scales without a sign, codes 8 for each. */
export const nvfp4: Dequantiser = (block, at, out, to) => {
  for (let group = 0; group < 4; group += 1) {
    const scale = unsignedE4M3(block.getUint8(at + group)) / 2;
    lookUp(block, at + 4 + 8 * group, out.subarray(to + 16 * group), { table: DOUBLED_E2M1, scale, bytes: 8 });
  }
};

/** ggml takes its NaN as zero. */
function unsignedE4M3(code: number): number {
  const exponent = (code >> 3) & 15;
  const fraction = code & 7;
  if (code === 0x7f) {
    return 0;
  }
  return exponent === 0 ? fraction * 2 ** -9 : (1 + fraction / 8) * 2 ** (exponent - 7);
}
