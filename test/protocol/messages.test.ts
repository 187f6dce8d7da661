import { describe, expect, test } from "vitest";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { workerAnswers } from "#protocol/workerAnswers.ts";
import { ENTRY } from "./tensorSamples.ts";
import { LISTING, WIRES } from "./wires.ts";

describe.each(WIRES)("$what", ({ schema, real, wrong }) => {
  test.each(real.map((message) => ({ message })))("arrives whole from another process: $message", ({ message }) => {
    expect(parseMessage(schema, structuredClone(message))).toEqual(message);
  });

  test.each(wrong.map((message) => ({ message })))("of the wrong shape is dropped: $message", ({ message }) => {
    expect(parseMessage(schema, message)).toBe(undefined);
  });
});

test("a mismatch is named by where it is", () => {
  const message = { ...LISTING, tensors: [{ ...ENTRY, elements: -8 }] };
  expect([
    describeMismatch(workerAnswers.indexCheckpoint, message),
    describeMismatch(workerAnswers.indexCheckpoint, LISTING),
    describeMismatch(workerAnswers.indexCheckpoint, 7),
  ]).toEqual([
    "tensors.0.elements: Invalid value: Expected >=0 but received -8",
    "no mismatch",
    "message: Invalid type: Expected Object but received 7",
  ]);
});
