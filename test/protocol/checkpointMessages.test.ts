import { describe, expect, test } from "vitest";
import { parseMessage } from "#protocol/parse.ts";
import { CHECKPOINT_WIRES } from "./checkpointWires.ts";

describe.each(CHECKPOINT_WIRES)("$what", ({ schema, real, wrong }) => {
  test.each(real.map((message) => ({ message })))("arrives whole from another process: $message", ({ message }) => {
    expect(parseMessage(schema, structuredClone(message))).toEqual(message);
  });

  test.each(wrong.map((message) => ({ message })))("of the wrong shape is dropped: $message", ({ message }) => {
    expect(parseMessage(schema, message)).toBe(undefined);
  });
});
