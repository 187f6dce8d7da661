import { expect, test } from "vitest";
import { around, fitInto, follow, zoomAt } from "#media/charts/viewport.ts";

const all = { min: 0, max: 100 };

test("zooming keeps the step under the cursor in its place", () => {
  expect(zoomAt({ min: 0, max: 100 }, 25, 0.5)).toEqual({ min: 12.5, max: 62.5 });
});

test.each([
  { what: "inside stays", range: { min: 10, max: 20 }, fitted: { min: 10, max: 20 } },
  { what: "over the left edge is pushed back", range: { min: -5, max: 5 }, fitted: { min: 0, max: 10 } },
  { what: "over the right edge is pushed back", range: { min: 95, max: 105 }, fitted: { min: 90, max: 100 } },
  { what: "too narrow grows around its middle", range: { min: 49.9, max: 50.1 }, fitted: { min: 49, max: 51 } },
  { what: "all of it is no zoom", range: { min: 0, max: 100 }, fitted: undefined },
  { what: "wider than all is no zoom", range: { min: -50, max: 150 }, fitted: undefined },
])("a range $what", ({ range, fitted }) => {
  expect(fitInto(range, all, 2)).toEqual(fitted);
});

test.each([
  { what: "with the newest step on screen moves along", range: { min: 80, max: 100 }, after: { min: 90, max: 110 } },
  { what: "further back stays", range: { min: 20, max: 40 }, after: { min: 20, max: 40 } },
])("a zoom $what", ({ range, after }) => {
  expect(follow(range, all, { min: 0, max: 110 })).toEqual(after);
});

test("an episode is shown with what came before it", () => {
  expect([around(50, 70, 10), around(50, 50, 10)]).toEqual([
    { min: 20, max: 100 },
    { min: 45, max: 55 },
  ]);
});
