/** Puts the bytes of each element together again. What is no whole element at the end stays as it is. */
export function unshuffle(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const elements = Math.floor(bytes.length / elementBytes);
  const unshuffled = Uint8Array.from(bytes); // A Buffer's slice would be the same memory.
  const rows = elements === 0 ? 0 : elementBytes; // A damaged file may say gigabytes.
  for (let byte = 0; byte < rows; byte += 1) {
    const start = byte * elements;
    for (let element = 0, to = byte; element < elements; element += 1, to += elementBytes) {
      unshuffled[to] = bytes[start + element] ?? 0;
    }
  }
  return unshuffled;
}
