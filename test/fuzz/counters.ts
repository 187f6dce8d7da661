/** One counter for each block of the code under test; it wraps. Who runs an input sets them to zero before. */
export const counters = new Uint8Array(2 ** 16);
