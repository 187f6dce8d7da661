import type { Bytes } from "./decoded.ts";

/** The characters up to U+00FF of a UTF-8 text as bytes, also where one lies across two pieces. */
export async function* latin1FromUtf8(bytes: Bytes): Bytes {
  let lead = 0;
  for await (const piece of bytes) {
    const decoded = new Uint8Array(piece.length);
    let length = 0;
    for (const byte of piece) {
      if (lead !== 0) {
        expect((byte & 0xc0) === 0x80);
        decoded[length] = ((lead & 3) << 6) | (byte & 0x3f);
        length += 1;
        lead = 0;
      } else if (byte < 0x80) {
        decoded[length] = byte;
        length += 1;
      } else {
        expect(byte === 0xc2 || byte === 0xc3); // Others start characters past U+00FF.
        lead = byte;
      }
    }
    yield decoded.subarray(0, length);
  }
  expect(lead === 0);
}

function expect(isRight: boolean): void {
  if (!isRight) {
    throw new Error("Text that should hold bytes holds characters that are none.");
  }
}
