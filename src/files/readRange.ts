import type { ReadHandle } from "./readHandle.ts";

// One read(2) gives at most 2 GiB; a power of two below it keeps the pieces aligned.
const MAX_READ_BYTES = 2 ** 30;

/** Fills `target` from `offset` until it is full or the file ends; the number of bytes read. */
export async function fill(handle: ReadHandle, target: Uint8Array, offset: number): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const length = Math.min(target.length - filled, MAX_READ_BYTES);
    const bytesRead = await handle.read(target, filled, length, offset + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return filled;
}

/** Up to `length` bytes from `offset`: fewer when the file ends before. They are put into `memory` where that is large enough. */
export async function readUpTo(handle: ReadHandle, offset: number, length: number, memory?: Buffer): Promise<Buffer> {
  const size = Math.max(0, length);
  const bytes = memory !== undefined && size <= memory.length ? memory.subarray(0, size) : Buffer.allocUnsafe(size);
  return bytes.subarray(0, await fill(handle, bytes, offset));
}
