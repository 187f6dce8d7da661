import { open } from "node:fs/promises";
import { headerLength } from "./safetensors.ts";

/** A float32 tensor of zeros in a file that takes no room on the disk: long enough to be interrupted. Small ones may come first. */
export async function writeSparseCheckpoint(path: string, gibibytes = 64, small = 0): Promise<void> {
  const bytes = small * SMALL_BYTES + gibibytes * 2 ** 30;
  const first = Array.from({ length: small }, (_, at) => [
    `b.${at}`,
    entryOf(at * SMALL_BYTES, (at + 1) * SMALL_BYTES),
  ]);
  const tensors = [...first, ["h.0.weight", entryOf(small * SMALL_BYTES, bytes)]];
  const header = JSON.stringify(Object.fromEntries(tensors));
  const text = new TextEncoder().encode(header);
  const file = await open(path, "w");
  try {
    await file.write(headerLength(text.length));
    await file.write(text);
    await file.truncate(8 + text.length + bytes);
  } finally {
    await file.close();
  }
}

const SMALL_BYTES = 256;

function entryOf(start: number, end: number): unknown {
  return { dtype: "F32", shape: [(end - start) / 4], data_offsets: [start, end] };
}
