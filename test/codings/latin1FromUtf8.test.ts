import { expect, test } from "vitest";

import { openPart } from "../support/openPart.ts";

/** All 256 bytes as the characters of a text. */
const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const TEXT = new TextEncoder().encode(String.fromCodePoint(...BYTES));

async function decode(text: Uint8Array, decodedBytes = 256): Promise<Uint8Array> {
  const part = {
    file: "a.pkl",
    offset: 0,
    byteLength: text.length,
    codings: [{ kind: "latin1AsUtf8", decodedBytes } as const],
  };
  const target = new Uint8Array(decodedBytes);
  const read = openPart(part, async (bytes, offset) => {
    bytes.set(text.subarray(offset, offset + bytes.length));
  });
  await read(target, 0);
  return target;
}

test("every byte comes back out of the text that Python 2's pickles hold it in", async () => {
  expect(await decode(TEXT)).toEqual(BYTES);
});

test("a character across two reads is one byte", async () => {
  const shifted = new Uint8Array(256 * 1024 + 1).fill(0xc3);
  shifted.forEach((_, at) => (shifted[at] = at % 2 === 1 ? 0xc3 : 0xbf));
  shifted[0] = 0x41;
  const decoded = await decode(shifted, 1 + 128 * 1024);
  expect([decoded[0], new Set(decoded.subarray(1))]).toEqual([0x41, new Set([0xff])]);
});

test.each([
  { what: "a character past U+00FF", text: [0xe2, 0x82, 0xac] },
  { what: "a lead byte without its other half", text: [0xc3, 0x41] },
  { what: "half of a character at the end", text: [0x41, 0xc3] },
  { what: "the other half alone", text: [0xbf] },
])("$what is no byte, and decoding fails", async ({ text }) => {
  await expect(decode(Uint8Array.from(text), 3)).rejects.toThrow(/other characters|ends? after/);
});
