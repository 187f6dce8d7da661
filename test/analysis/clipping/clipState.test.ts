import { expect, test } from "vitest";
import { clipStateOf, clipVerdictOf } from "#analysis/clipping/clipState.ts";
import { noisyNorms } from "../../support/norms.ts";

test.each([
  { norms: [0.5, 3.7], threshold: 1, state: "pre" },
  { norms: [0.5, Infinity], threshold: 1, state: "pre" },
  { norms: [0.5, 1], threshold: 1, state: "undetermined" },
  { norms: [1.000_001, 0.999], threshold: 1, state: "undetermined" },
  { norms: [1.009, 0.999], threshold: 1, state: "undetermined" },
  { norms: [Number.NaN], threshold: 1, state: "undetermined" },
  { norms: [], threshold: 1, state: "undetermined" },
  { norms: [100], threshold: undefined, state: "undetermined" },
])("norms $norms under a threshold of $threshold are from $state clipping", ({ norms, threshold, state }) => {
  expect(clipStateOf(Float64Array.from(norms), { threshold })).toBe(state);
});

function bfloat16(value: number): number {
  const unit = 2 ** (7 - Math.floor(Math.log2(value)));
  return Math.round(value * unit) / unit;
}

function clipped(threshold: number, norm: number): number {
  return norm > threshold ? (threshold * norm) / (norm + 1e-6) : norm;
}

const FAMILIES = [0.1, 0.3, 0.5].flatMap((sigma) =>
  [0, 0.9].flatMap((phi) => [100, 1000].map((length) => ({ sigma, phi, length }))),
);
const PRINTED = {
  "as computed": (norm: number) => norm,
  "with three decimals": (norm: number) => Number(norm.toFixed(3)),
  "as bfloat16": bfloat16,
};

test.each(
  FAMILIES.flatMap((family) => Object.entries(PRINTED).map(([printed, print]) => ({ ...family, printed, print }))),
)(
  "$length norms $printed, σ $sigma, φ $phi, are told as clipped where 10 % and more are cut, and only there",
  (family) => {
    const { length, print, ...rest } = family;
    const raw = noisyNorms(length, { ...rest, seed: 7 });
    const sorted = raw.toSorted((a, b) => a - b);
    const verdicts = [0.9, 0.5, 0.05].map((quantile) => {
      const threshold = sorted[Math.floor(quantile * length)] ?? 0;
      const verdict = clipVerdictOf(raw.map((norm) => print(clipped(threshold, norm))));
      return verdict.state === "post" && Math.abs(verdict.threshold / threshold - 1) < 0.005;
    });
    expect([...verdicts, clipVerdictOf(raw.map(print)).state]).toEqual([true, true, true, "undetermined"]);
  },
);

test("norms cut at 1 saturate there, in the series of rule GN402", () => {
  const verdict = clipVerdictOf(noisyNorms(1000).map((norm) => Math.min(norm, 1)));
  expect(verdict).toMatchObject({ state: "post", threshold: 1 });
  expect(verdict.state === "post" && verdict.share).toBeCloseTo(0.5, 1);
});

test.each([
  {
    what: "norms printed with one decimal",
    norms: noisyNorms(500).map((norm) => Number((norm / 3).toFixed(1))),
    resolution: 0.05,
  },
  { what: "norms that are nearly alike", norms: noisyNorms(500, { sigma: 0.003 }), resolution: undefined },
  { what: "norms alike to a thousandth", norms: noisyNorms(500, { sigma: 0.001 }), resolution: undefined },
  { what: "norms that their rounding makes equal", norms: Array<number>(500).fill(0.9), resolution: 0.05 },
  { what: "one odd number again and again", norms: Array<number>(500).fill(0.7357), resolution: undefined },
  { what: "29 norms of 1", norms: Array<number>(29).fill(1), resolution: undefined },
])("$what have no ceiling", ({ norms, resolution }) => {
  expect(clipVerdictOf(norms, { resolution }).state).toBe("undetermined");
});

test("where the norms saturate, a configured threshold they exceed is not the one that was used", () => {
  const norms = noisyNorms(1000).map((norm) => Math.min(5 * norm, 5));
  expect(clipVerdictOf(norms, { threshold: 1 })).toMatchObject({ state: "post", threshold: 5 });
});

test("one number again and again is a ceiling only when it is the threshold", () => {
  const norms = Array<number>(500).fill(0.5);
  expect(clipVerdictOf(norms, { threshold: 0.5 })).toMatchObject({ state: "post", threshold: 0.5, share: 1 });
  expect(clipVerdictOf(norms).state).toBe("undetermined");
});

test("NaN, zeros and placeholders change no verdict", () => {
  const norms = noisyNorms(1000).map((norm) => Math.min(norm, 1));
  const faulty = norms.flatMap((norm, index) => (index % 3 === 0 ? [norm, Number.NaN, 0, -1] : [norm]));
  expect(clipVerdictOf(faulty)).toEqual(clipVerdictOf(norms));
});
