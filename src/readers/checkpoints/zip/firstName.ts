/** The name of the file that a zip archive starts with, to tell formats by; empty when it is not at hand. */
export function firstNameOf(head: Uint8Array): string {
  if (head.length < NAME_OFFSET) {
    return "";
  }
  const length = new DataView(head.buffer, head.byteOffset).getUint16(NAME_LENGTH_OFFSET, true);
  return new TextDecoder("latin1").decode(head.subarray(NAME_OFFSET, NAME_OFFSET + length));
}

const NAME_LENGTH_OFFSET = 26;
const NAME_OFFSET = 30;
