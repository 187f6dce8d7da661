import { expect, test } from "vitest";
import { rowWindow } from "#media/shared/rowWindow.ts";

test.each([
  { rows: 0, top: 0, window: { first: 0, last: 0, above: 0, below: 0 } },
  { rows: 5, top: 0, window: { first: 0, last: 5, above: 0, below: 0 } },
  { rows: 10_000, top: 0, window: { first: 0, last: 34, above: 0, below: 199_320 } },
  { rows: 10_000, top: 100_000, window: { first: 4988, last: 5022, above: 99_760, below: 99_560 } },
  { rows: 10_000, top: 999_999, window: { first: 9966, last: 10_000, above: 199_320, below: 0 } },
])("$rows rows scrolled to $top keep $window in the document", ({ rows, top, window }) => {
  expect(rowWindow(rows, 20, { top, height: 200 })).toEqual(window);
});
