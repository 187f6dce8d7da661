// A batch of a log. Fewer bytes are had at once without it.
const SPARE_BYTES = 8_000_000;
const WORTH_BYTES = 1_000_000;

let spare: Buffer | null = Buffer.alloc(0);

/**
 * Memory for the bytes that `use` reads, which are gone when it has ended. Batch after batch gets the same, which otherwise
 * the garbage collector would have to look for every few of them. None for few bytes, for more than a batch, or while
 * another one reads.
 */
export async function withSpareBuffer<T>(bytes: number, use: (memory?: Buffer) => Promise<T>): Promise<T> {
  if (bytes < WORTH_BYTES || bytes > SPARE_BYTES || spare === null) {
    return use();
  }
  const buffer = spare.length > 0 ? spare : Buffer.alloc(SPARE_BYTES);
  spare = null;
  try {
    return await use(buffer.subarray(0, bytes));
  } finally {
    spare = buffer;
  }
}
