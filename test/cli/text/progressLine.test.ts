import { expect, test } from "vitest";
import { createProgressLine } from "#cli/text/progressLine.ts";
import type { Terminal } from "#cli/text/progressLine.ts";

/** What a terminal is sent when two reports come after so many milliseconds, and then the end. */
function written(ms: number, terminal: Partial<Terminal>): string {
  let [text, nowMs] = ["", 0];
  const write = (piece: string): void => void (text += piece);
  const line = createProgressLine({ write, ...terminal }, () => nowMs);
  nowMs = ms;
  line.show({ doneBytes: 1e8, totalBytes: 5e9, secondsLeft: 121, tensors: [] });
  line.show({ doneBytes: 2.6e9, totalBytes: 5e9, secondsLeft: 2.4, tensors: [] });
  line.erase();
  line.erase();
  return text;
}

test.each([
  {
    what: "a terminal gets one line, rewritten and erased once",
    ms: 1000,
    terminal: { isTTY: true, columns: 80 },
    text: `\r0.1 of 5.0 GB, 3 min left\r2.6 of 5.0 GB, 3 s left  \r${" ".repeat(23)}\r`,
  },
  {
    what: "a narrow terminal gets what fits into a line",
    ms: 1000,
    terminal: { isTTY: true, columns: 8 },
    text: `\r0.1 of \r2.6 of \r${" ".repeat(7)}\r`,
  },
  {
    what: "a terminal without a width gets the whole line",
    ms: 1000,
    terminal: { isTTY: true, columns: 0 },
    text: `\r0.1 of 5.0 GB, 3 min left\r2.6 of 5.0 GB, 3 s left  \r${" ".repeat(23)}\r`,
  },
  { what: "work of less than a second says nothing", ms: 999, terminal: { isTTY: true }, text: "" },
  { what: "nothing is written where there is no terminal", ms: 5000, terminal: {}, text: "" },
])("$what", ({ ms, terminal, text }) => {
  expect(written(ms, terminal)).toBe(text);
});
