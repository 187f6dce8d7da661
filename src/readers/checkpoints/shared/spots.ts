import type { ByteSource } from "#core/byteSource.ts";

// One read of the bytes between two spots is cheaper than a second read; a block is what one read gives quickly.
const MAX_GAP_BYTES = 16 * 1024;
const MAX_BLOCK_BYTES = 1024 * 1024;

/**
 * So many bytes from each of many offsets, one behind the other: few reads where the offsets are close together. They
 * ascend, and all is in the source.
 */
export async function readSpots(source: ByteSource, offsets: readonly number[], byteLength: number): Promise<DataView> {
  const spots = new Uint8Array(offsets.length * byteLength);
  for (let first = 0; first < offsets.length;) {
    const end = endOfGroup(offsets, first);
    const start = offsets[first] ?? 0;
    const block = await source.read(start, (offsets[end - 1] ?? 0) + byteLength - start);
    for (; first < end; first += 1) {
      const at = (offsets[first] ?? 0) - start;
      spots.set(block.subarray(at, at + byteLength), first * byteLength);
    }
  }
  return new DataView(spots.buffer);
}

function endOfGroup(offsets: readonly number[], first: number): number {
  const start = offsets[first] ?? 0;
  let end = first + 1;
  while (end < offsets.length) {
    const [before, next] = [offsets[end - 1] ?? 0, offsets[end] ?? 0];
    if (next - before > MAX_GAP_BYTES || next - start > MAX_BLOCK_BYTES) {
      break;
    }
    end += 1;
  }
  return end;
}
