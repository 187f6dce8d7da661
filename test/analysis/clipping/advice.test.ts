import { expect, test } from "vitest";
import { adviseClipping } from "#analysis/clipping/advice.ts";
import type { ClipAdvice, ClipQuestion } from "#analysis/clipping/advice.ts";
import type { ClipCandidate, ClipMethod } from "#analysis/clipping/candidate.ts";
import { createNoise, noisyNorms } from "../../support/norms.ts";

function ask(values: readonly number[], rest: Partial<ClipQuestion> = {}): ClipAdvice {
  const steps = Array.from(values.keys());
  return adviseClipping({
    logged: { steps, values, learningRateAt: () => undefined },
    key: {},
    resolution: undefined,
    configured: undefined,
    given: [],
    findings: [],
    tensors: [],
    ...rest,
  });
}

function candidate(advice: ClipAdvice, method: ClipMethod): ClipCandidate | undefined {
  return advice.candidates.find((one) => one.method === method);
}

const sharesOf = ({ candidates }: ClipAdvice): unknown[] => candidates.map((one) => [one.method, one.clippedShare]);
const kindsOf = ({ cautions }: ClipAdvice): string[] => cautions.map(({ kind }) => kind);
const CALM = noisyNorms(1000, { sigma: 0.3 });
const found = (rule: string, start = 0): ClipQuestion["findings"][number] => ({ rule, tensor: null, start });

test("a calm run gets every method, and its threshold first", () => {
  const advice = ask(CALM, { configured: 1, given: [0.5] });
  expect(advice.candidates.map(({ method }) => method)).toEqual([
    "keep",
    "given",
    "spikesOnly",
    "usualPractice",
    "normalising",
    "pascanuLow",
    "pascanuHigh",
    "zclip",
  ]);
  expect(kindsOf(advice)).toEqual([]);
  expect(advice.steps).toBe(950);
});

test("thresholds of a log-normal run are those of its formula", () => {
  const advice = ask(noisyNorms(2050, { sigma: 0.3, seed: 4 }));
  const near = (method: ClipMethod, expected: number): void => {
    expect(Math.log((candidate(advice, method)?.maxNorm ?? 0) / expected)).toBeCloseTo(0, 1);
  };
  near("spikesOnly", Math.exp(4 * 0.3));
  near("usualPractice", Math.exp(1.2816 * 0.3));
  near("normalising", Math.exp(-1.2816 * 0.3));
  near("pascanuLow", 0.5 * Math.exp(0.3 ** 2 / 2));
  near("pascanuHigh", 10 * Math.exp(0.3 ** 2 / 2));
});

test("thresholds scale with the norms, and shares stay", () => {
  const scaled = ask(CALM.map((norm) => norm * 1000));
  const ratios = scaled.candidates.map(
    ({ maxNorm }, index) => (maxNorm ?? 1000) / (ask(CALM).candidates[index]?.maxNorm ?? 1),
  );
  expect(sharesOf(scaled)).toEqual(sharesOf(ask(CALM)));
  ratios.forEach((ratio) => expect(ratio / 1000).toBeCloseTo(1, 2));
});

test.each([
  { configured: 100, reason: "The threshold of the run, 100, clipped no logged step: it acts as no limit." },
  {
    configured: 0.01,
    reason:
      "The threshold of the run, 0.01, clips 100 % of the steps, on average to 0.01 of their length: it acts as normalisation.",
  },
])("what a threshold of $configured does is said", ({ configured, reason }) => {
  expect(candidate(ask(CALM, { configured }), "keep")?.reason).toBe(reason);
});

test.each([
  {
    what: "99 norms, of which 49 count",
    advice: ask(CALM.slice(0, 99)),
    refused: "Too few logged norms count: 49 (left out: 50 of the warm-up); advice needs 50.",
  },
  {
    what: "30 norms",
    advice: ask(CALM.slice(0, 30)),
    refused: "Too few logged norms count: 0 (left out: 30 of the warm-up); advice needs 50.",
  },
  { what: "an empty log", advice: ask([]), refused: "The log has no finite positive gradient norm." },
  {
    what: "zeros alone",
    advice: ask(Array<number>(300).fill(0)),
    refused: "The log has no finite positive gradient norm (left out: 300 zero).",
  },
  {
    what: "one number again and again",
    advice: ask(Array<number>(300).fill(0.5)),
    refused: /^Nearly all norms are 0\.5/,
  },
  {
    what: "norms that follow the loss scale",
    advice: ask(CALM, { findings: [found("GN405")] }),
    refused: /loss scale \(GN405\).*unscale_/,
  },
  {
    what: "ranks that disagree",
    advice: ask(CALM, { findings: [found("GN104")] }),
    refused: /ranks log different norms \(GN104\)/,
  },
  {
    what: "more than half of the norms cut off",
    advice: ask(CALM.map((norm) => Math.min(norm, 0.8))),
    refused: /after clipping and 7\d % of the norms are cut off/,
  },
  {
    what: "few norms since the level changed",
    advice: ask(CALM, { findings: [found("GN203", 970)] }),
    refused:
      "Too few logged norms count: 30 (left out: 50 of the warm-up, 920 before the norm changed its level); advice needs 50.",
  },
])("with $what there is no advice", ({ advice, refused }) => {
  expect([advice.candidates, advice.cautions]).toEqual([[], []]);
  expect(advice.refused?.message).toMatch(refused);
});

test("50 norms are enough, and are told to be rough, with ranges", () => {
  const advice = ask(CALM.slice(0, 100));
  expect(kindsOf(advice)).toContain("rough");
  const { maxNorm, range } = candidate(advice, "usualPractice") ?? {};
  expect((range?.maxNorm[0] ?? 9) <= (maxNorm ?? 0) && (maxNorm ?? 0) <= (range?.maxNorm[1] ?? 0)).toBe(true);
  expect(ask(CALM.slice(0, 100))).toEqual(advice);
  expect(candidate(ask(CALM.slice(0, 250)), "usualPractice")).not.toHaveProperty("range");
});

test("the range of a share covers the share of the whole run in most of its pieces", () => {
  const long = noisyNorms(20_000, { sigma: 0.3, phi: 0.5, seed: 9 });
  const threshold = 1.3;
  const share = long.filter((norm) => norm > threshold).length / long.length;
  const covered = Array.from({ length: 100 }, (_, piece) => {
    const advice = ask(long.slice(200 * piece, 200 * piece + 150), {
      given: [threshold],
      history: { withWarmUp: true },
    });
    const [low, high] = candidate(advice, "given")?.range?.clippedShare ?? [1, 0];
    return low <= share && share <= high;
  });
  expect(covered.filter(Boolean).length).toBeGreaterThan(75);
});

test("after clipping, shares below the threshold are exact and the rest is unknown", () => {
  const cut = CALM.map((norm) => Math.min(norm, 1.3));
  const advice = ask(cut, { given: [0.9, 1.3, 2] });
  const above = (limit: number): number => CALM.slice(50).filter((norm) => norm > limit).length / 950;
  expect(advice.candidates.filter(({ method }) => method === "given").map((one) => one.clippedShare)).toEqual([
    above(0.9),
    null,
    null,
  ]);
  expect(candidate(advice, "keep")).toMatchObject({ maxNorm: 1.3, meanCoefficient: null, retainedLength: null });
  expect(candidate(advice, "keep")?.clippedShare).toBeCloseTo(above(1.3), 1);
  expect(candidate(advice, "usualPractice")).toBe(undefined); // A tenth of the norms is above 1.3, and cut off.
  expect(candidate(advice, "normalising")?.clippedShare).toBeCloseTo(0.9, 2);
  expect(candidate(advice, "pascanuLow")).toBe(undefined);
  const spikes = candidate(advice, "spikesOnly");
  expect([spikes?.clippedShare, spikes?.reason.startsWith("Extrapolated")]).toEqual([null, true]);
  expect(Math.log((spikes?.maxNorm ?? 0) / Math.exp(4 * 0.3))).toBeCloseTo(0, 0);
  expect(kindsOf(advice)).toContain("afterClipping");
});

test("a heavy tail is said, and gets a threshold of its own", () => {
  const noise = createNoise(5);
  const heavy = Array.from({ length: 1000 }, () => Math.exp(0.15 * noise() * Math.exp(0.9 * noise())));
  const advice = ask(heavy);
  expect(kindsOf(advice)).toContain("heavyTail");
  expect(candidate(advice, "tail")?.clippedShare).toBeCloseTo(0.01, 2);
});

test.each([
  {
    what: "every tenth step logged",
    rest: { logged: { steps: CALM.map((_, at) => 10 * at), values: CALM, learningRateAt: () => undefined } },
    kind: "loggingInterval",
    says: "Only 1 in 10 steps is logged",
  },
  { what: "steps that count tokens", rest: { key: { axis: "tokens" } }, kind: "otherAxis", says: "counts tokens" },
  { what: "estimates from histograms", rest: { key: { isEstimate: true } }, kind: "estimated", says: "estimates" },
  { what: "a log in bf16", rest: { findings: [found("GN105")] }, kind: "bfloat16", says: "two digits" },
  { what: "norms printed coarsely", rest: { resolution: 0.05 }, kind: "coarse", says: "±0.05" },
  { what: "a change of level", rest: { findings: [found("GN205", 400)] }, kind: "levelChange", says: "at step 400" },
  { what: "slow growth", rest: { findings: [found("GN204", 1)] }, kind: "growing", says: "more and more" },
  { what: "an unknown clip state", rest: {}, kind: "stateUnknown", says: "taken as before clipping" },
] as const)("$what is said", ({ rest, kind, says }) => {
  const { cautions } = ask(CALM, rest);
  expect(cautions.find((caution) => caution.kind === kind)?.message).toContain(says);
});

test("norms that are not finite are said, and change no threshold", () => {
  const broken = CALM.flatMap((norm, index) => (index === 600 ? [norm, Number.NaN, Infinity] : [norm]));
  const advice = ask(broken, { configured: 1 });
  expect(kindsOf(advice)).toContain("nonFinite");
  expect(advice.candidates).toEqual(ask(CALM, { configured: 1 }).candidates);
});

test("thresholds of a bf16 log have two digits", () => {
  const { candidates } = ask(CALM, { findings: [found("GN105")] });
  const digits = candidates.flatMap(({ maxNorm }) =>
    maxNorm === null ? [] : [maxNorm === Number(maxNorm.toPrecision(2))],
  );
  expect([digits.length, digits.every(Boolean)]).toEqual([5, true]);
});

/** Tensors whose squares make up the global norm in fixed parts. */
function tensorsOf(values: readonly number[], shares: Readonly<Record<string, number>>): ClipQuestion["tensors"] {
  const steps = Array.from(values.keys());
  return Object.entries(shares).map(([name, share]) => ({
    name,
    steps,
    values: values.map((norm) => norm * Math.sqrt(share)),
  }));
}

test("one tensor that decides the norm is named", () => {
  const advice = ask(CALM, { configured: 1, tensors: tensorsOf(CALM, { embedding: 0.9, head: 0.06, block: 0.04 }) });
  const dominance = advice.cautions.find(({ kind }) => kind === "dominance")?.message;
  expect(dominance).toContain("embedding carries 90 % of the squared global norm");
  expect(kindsOf(ask(CALM, { configured: 1, tensors: tensorsOf(CALM, { a: 0.5, b: 0.5 }) }))).toEqual([]);
});

test("tensors that move together keep the gradient's direction when each is clipped at its quantile", () => {
  const { tensors, candidates } = ask(CALM, { configured: 1, tensors: tensorsOf(CALM, { a: 0.5, b: 0.3, c: 0.2 }) });
  expect(tensors?.names).toEqual(["a", "b", "c"]);
  const [plan] = tensors?.plans ?? [];
  expect(plan?.effect.lowestCosine).toBeCloseTo(1, 4);
  plan?.effect.clippedShares.forEach((share) => expect(share).toBeCloseTo(0.1, 1));
  expect(candidates.map(({ method }) => method)).toEqual(expect.arrayContaining(["adagc", "olmoRatio"]));
});

test("a log from after clipping gets no limits per tensor", () => {
  const cut = CALM.map((norm) => Math.min(norm, 1.3));
  const advice = ask(cut, { tensors: tensorsOf(cut, { embedding: 0.9, head: 0.1 }) });
  expect([advice.verdict.state, advice.tensors, kindsOf(advice)]).toEqual(["post", undefined, ["afterClipping"]]);
});

test("limits that turn the gradient, and tensors that do not add up, are said", () => {
  const noise = createNoise(3);
  const wild = Array.from({ length: 6 }, () => CALM.map(() => Math.exp(3 * noise())));
  const tensors = wild.map((values, index) => ({ name: `t${index}`, steps: Array.from(values.keys()), values }));
  const advice = ask(CALM, { configured: 1, tensors });
  expect(advice.tensors?.plans[0].effect.lowestCosine).toBeLessThan(0.9);
  expect(kindsOf(advice)).toContain("tensorSum");
});

test("steps at which a tensor is missing or NaN are left out, rare tensors too", () => {
  const [a, b] = tensorsOf(CALM, { a: 0.5, b: 0.5 });
  const broken = {
    name: "b",
    steps: b?.steps ?? [],
    values: Array.from(b?.values ?? [], (value, step) => (step === 700 ? Number.NaN : value)),
  };
  const rare = { name: "expert", steps: [100, 200], values: [1, 1] };
  const { tensors } = ask(CALM, { tensors: [a ?? broken, broken, rare] });
  expect([tensors?.names, tensors?.steps]).toEqual([["a", "b"], 949]);
});
