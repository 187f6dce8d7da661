import { expect, test } from "vitest";
import { shareColumns } from "#analysis/layers/shares.ts";
import { samplesOf } from "./samplesOf.ts";

const { NaN: nan } = Number;

test("a column shows the parts at its largest norm, and they add up to one", () => {
  const tensors = [samplesOf("a", [3, 1, 1, 0]), samplesOf("b", [4, 1, 1, 2]), samplesOf("c", [0, 1, 7, 0])];
  const { names, shares, steps, broken } = shareColumns(tensors, { from: 0, width: 2, columns: 2 }, 2);
  expect([names, steps, broken]).toEqual([["c", "b"], Float64Array.of(0, 2), Uint8Array.of(0, 0)]);
  const expected = [0, 49 / 51, 16 / 25, 1 / 51, 9 / 25, 1 / 51];
  expect(Array.from(shares, (share) => share.toFixed(6))).toEqual(expected.map((share) => share.toFixed(6)));
});

test("a step without a finite norm is marked and shows no parts; one without any sample neither", () => {
  const tensors = [samplesOf("a", [1, nan, 0]), samplesOf("b", [1, 1, 0])];
  const { shares, steps, broken } = shareColumns(tensors, { from: 0, width: 1, columns: 4 }, 1);
  expect([Array.from(shares), Array.from(steps), Array.from(broken)]).toEqual([
    [0.5, nan, nan, nan, 0.5, nan, nan, nan],
    [0, nan, nan, nan],
    [0, 1, 0, 0],
  ]);
});

test("steps at which only some tensors were measured do not speak for a column", () => {
  const tensors = [samplesOf("often", [9, 3, 9, 9]), samplesOf("seldom", [undefined, 4, undefined, undefined])];
  const { steps, shares } = shareColumns(tensors, { from: 0, width: 4, columns: 1 }, 6);
  expect([Array.from(steps), Array.from(shares, (share) => share.toFixed(2))]).toEqual([[1], ["0.64", "0.36", "0.00"]]);
});
