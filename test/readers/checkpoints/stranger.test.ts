import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { describeStranger } from "#readers/checkpoints/stranger.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");

test.each([
  { file: "a gzip file", head: gzipSync("x"), says: "This is a gzip file. Unpack it first." },
  { file: "a PNG image", head: latin1("\x89PNG\r\n"), says: "This is a PNG image, not a checkpoint." },
  { file: "a 7z archive", head: latin1("7z\xbc\xaf\x27\x1c"), says: "This is a 7z archive. Unpack it first." },
  { file: "nothing", head: latin1(""), says: "The file is empty." },
  { file: "anything", head: latin1("abc"), says: "This is not a checkpoint of a format that Gradlens reads." },
])("$file is named", ({ head, says }) => {
  expect(describeStranger(head)).toBe(says);
});
