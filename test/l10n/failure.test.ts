import { expect, test } from "vitest";
import { malformed, unsupported } from "#core/outcome.ts";
import type { ReadFailure } from "#core/outcome.ts";
import { describeFailure } from "#l10n/failure.ts";

test.each<{ failure: ReadFailure; text: string }>([
  {
    failure: { kind: "incomplete", have: 3, need: 8 },
    text: "The file has 3 of 8 bytes. It may still be writing; try again when it is complete.",
  },
  { failure: malformed(13, "Expected { in the JSON."), text: "Byte 13: Expected { in the JSON." },
  { failure: unsupported("F6 has no norm here."), text: "F6 has no norm here." },
])("people read of an $failure.kind file: $text", ({ failure, text }) => {
  expect(describeFailure(failure)).toBe(text);
});
