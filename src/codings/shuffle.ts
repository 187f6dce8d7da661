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

/**
 * The same for bits: rows of all elements' first bits, second bits, … Elements come in eights; where they do not, nothing was
 * shuffled.
 */
export function unshuffleBits(bytes: Uint8Array, elementBytes: number): Uint8Array {
  const elements = Math.floor(bytes.length / elementBytes);
  const unshuffled = Uint8Array.from(bytes);
  if (elements % 8 !== 0) {
    return unshuffled;
  }
  const rowBytes = elements / 8;
  for (let element = 0; element < elements; element += 1) {
    for (let byte = 0; byte < elementBytes; byte += 1) {
      let value = 0;
      for (let bit = 0; bit < 8; bit += 1) {
        const row = (byte * 8 + bit) * rowBytes;
        value |= (((bytes[row + (element >> 3)] ?? 0) >> (element & 7)) & 1) << bit;
      }
      unshuffled[element * elementBytes + byte] = value;
    }
  }
  return unshuffled;
}
