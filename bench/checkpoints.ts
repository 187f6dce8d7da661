import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const MEBIBYTE = 2 ** 20;
const BLOCK_ELEMENTS = 4 * MEBIBYTE;
// Gradients of a large model: normal, of a size at which half of the float16 values are subnormal.
const SCALE = 4e-5;

export interface CheckpointPlan {
  readonly dtype: "F32" | "BF16" | "F16";
  readonly tensors: number;
  readonly elements: number;
  /** Nothing is written: all zeros, and no room on the disk. */
  readonly isSparse?: boolean;
}

export const ENCODERS: Readonly<Record<CheckpointPlan["dtype"], (values: Float32Array) => Uint8Array>> = {
  F32: (values) => new Uint8Array(values.buffer),
  BF16: (values) => new Uint8Array(Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16).buffer),
  F16: (values) => new Uint8Array(Uint16Array.from(values, toFloat16).buffer),
};

/** Writes a real safetensors file; one that is there already is kept. */
export function makeCheckpoint(path: string, { dtype, tensors, elements, isSparse = false }: CheckpointPlan): void {
  if (existsSync(path)) {
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  const tensorBytes = elements * (dtype === "F32" ? 4 : 2);
  const entries = Array.from({ length: tensors }, (_, index) => {
    const offset = index * tensorBytes;
    return [`h.${index}.weight`, { dtype, shape: [elements], data_offsets: [offset, offset + tensorBytes] }];
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([length, header]));
  if (isSparse) {
    ftruncateSync(file, 8 + header.length + tensors * tensorBytes);
  } else {
    writeBlocks(file, tensors * tensorBytes, ENCODERS[dtype](normals()));
  }
  closeSync(file);
}

function writeBlocks(file: number, bytes: number, block: Uint8Array): void {
  for (let left = bytes; left > 0;) {
    left -= writeSync(file, block, 0, Math.min(left, block.length));
  }
}

/** Standard normals by Box and Muller, from a seeded generator, scaled. */
export function normals(): Float32Array {
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(
    { length: BLOCK_ELEMENTS },
    () => SCALE * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** Rounded to the nearest float16; the values here are far below its largest. */
function toFloat16(value: number): number {
  const sign = value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = Math.round(size / 2 ** (exponent - 10)); // 1024 to 2048, or less where it is subnormal.
  return sign + (exponent + 14) * 1024 + steps;
}
