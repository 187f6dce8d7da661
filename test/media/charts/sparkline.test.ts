import { expect, test } from "vitest";
import { sparkline } from "#media/charts/sparkline.ts";

test("NaN and zero interrupt the line and are marked", () => {
  const { line, nonFinite, zero } = sparkline(Float64Array.of(1, Number.NaN, 2, 0, 4), 42, 16);
  expect({ pieces: line.split("M").length - 1, nonFinite, zero }).toEqual({ pieces: 3, nonFinite: [11], zero: [31] });
});

test("only zeros have no line", () => {
  expect(sparkline(Float64Array.of(0, 0), 42, 16).line).toBe("");
});
