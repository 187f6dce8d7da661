import type { ReadInto } from "#core/byteSource.ts";
import type { Coding } from "#core/coding.ts";
import type { TensorPart } from "#core/tensorPart.ts";

export type Codebook = Extract<Coding, { readonly kind: "codebook" }>;

const FLOAT_BYTES = 4;

/** Gives codes as the float32 they stand for: from any offset, as no byte depends on the ones before it. */
export function openCodebook(
  part: TensorPart,
  { table, scales, blockElements }: Codebook,
  readFile: ReadInto,
): ReadInto {
  let numbers: Promise<Float32Array> | undefined;
  return async (target, offset) => {
    const first = offset / FLOAT_BYTES;
    const codes = new Uint8Array(target.length / FLOAT_BYTES);
    await readFile(codes, part.offset + first);
    numbers ??= readFloats(readFile, table.offset, table.byteLength / FLOAT_BYTES);
    const firstBlock = Math.floor(first / blockElements);
    const blocks = Math.floor((first + codes.length - 1) / blockElements) + 1 - firstBlock;
    const scaleOf = await readFloats(readFile, scales.offset + firstBlock * FLOAT_BYTES, blocks);
    const values = decode(codes, { first, numbers: await numbers, scales: scaleOf, blockElements });
    target.set(new Uint8Array(values.buffer));
  };
}

async function readFloats(readFile: ReadInto, offset: number, count: number): Promise<Float32Array> {
  const floats = new Float32Array(count);
  await readFile(new Uint8Array(floats.buffer), offset);
  return floats;
}

interface Tables {
  /** Place of the first code in the tensor. */
  readonly first: number;
  readonly numbers: Float32Array;
  /** Of the blocks from the first code's on. */
  readonly scales: Float32Array;
  readonly blockElements: number;
}

function decode(codes: Uint8Array, { first, numbers, scales, blockElements }: Tables): Float32Array {
  const values = new Float32Array(codes.length);
  const start = first % blockElements;
  for (let block = 0; block < scales.length; block += 1) {
    const scale = scales[block] ?? Number.NaN;
    const end = Math.min(codes.length, (block + 1) * blockElements - start);
    for (let at = Math.max(0, block * blockElements - start); at < end; at += 1) {
      values[at] = (numbers[codes[at] ?? 0] ?? Number.NaN) * scale;
    }
  }
  return values;
}
