import { expect, test } from "vitest";
import { checkNorms, segmentsOf } from "#analysis/consistency/check.ts";
import type { CheckedNorms } from "#analysis/consistency/check.ts";
import type { Curve } from "#analysis/consistency/suspicion.ts";
import { noisyNorms } from "../../support/norms.ts";

const { NaN: nan } = Number;
const CALM = noisyNorms(400, { sigma: 0.2 });

function curve(values: readonly number[]): Curve {
  return { steps: values.map((_, step) => step), values };
}

function check(values: readonly number[], beside: Partial<CheckedNorms> = {}): string[] {
  const found = checkNorms({
    global: curve(values),
    resolution: undefined,
    segments: [curve(values)],
    tensors: new Map(),
    areEstimates: false,
    scaleAt: () => undefined,
    isSkipped: () => false,
    ranks: [],
    ...beside,
  });
  return found.map(({ kind, isProven, sentence }) => `${kind}${isProven ? ", proven" : ""}: ${sentence}`);
}

test("a calm log with nothing beside it is not suspect", () => {
  expect(check(CALM)).toEqual([]);
});

test("no norms are not suspect", () => {
  expect(check([])).toEqual([]);
});

// Doubles at steps 100, 200 and 300.
const scaleAt = (step: number): number => 2 ** (16 + Math.floor(step / 100));

test.each([
  { what: "follows the loss scale", norms: CALM.map((norm, step) => norm * scaleAt(step)), found: 1 },
  { what: "does not follow the loss scale", norms: CALM, found: 0 },
  { what: "follows it once of three times", norms: CALM.map((norm, step) => norm * (step < 100 ? 1 : 2)), found: 0 },
  { what: "follows it in the other direction", norms: CALM.map((norm, step) => norm / scaleAt(step)), found: 0 },
])("a norm that $what has $found suspicions", ({ norms, found }) => {
  const sentence =
    "followsLossScale: Suspect because the norm changes with the loss scale, at 3 of its 3 changes: it is measured before the gradients are unscaled.";
  expect(check(norms, { scaleAt })).toEqual(found === 1 ? [sentence] : []);
});

test("DeepSpeed's -1 is proven to be no norm; -Infinity is broken and no placeholder", () => {
  expect(check([1, -1, 2, -1, -Infinity])).toEqual([
    "placeholder, proven: 2 of 5 logged norms are below 0, first at step 1: a placeholder for a norm that was not finite, as DeepSpeed writes -1.",
  ]);
});

test.each([
  { what: "repeats at skipped steps", isSkipped: (step: number) => step % 50 === 7, found: ["staleRepeat"] },
  { what: "repeats at steps that were not skipped", isSkipped: () => false, found: [] },
  { what: "one repeat of three skipped steps", isSkipped: (step: number) => [7, 8, 9].includes(step), found: [] },
])("a log with $what: $found", ({ isSkipped, found }) => {
  const repeated = CALM.map((norm, step) => (step % 50 === 7 ? (CALM[step - 1] ?? norm) : norm));
  expect(check(repeated, { isSkipped }).map((one) => one.split(":")[0])).toEqual(found);
});

function toBfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (((bits[0] ?? 0) + 0x80_00) & 0xff_ff_00_00) >>> 0;
  return new Float32Array(bits.buffer)[0] ?? nan;
}

test.each([
  { what: "rounded to bfloat16", norms: CALM.map(toBfloat16), resolution: undefined, found: ["bfloat16"] },
  { what: "29 of them", norms: CALM.slice(0, 29).map(toBfloat16), resolution: undefined, found: [] },
  { what: "rounded to float32", norms: CALM.map(Math.fround), resolution: undefined, found: [] },
  { what: "printed with one digit", norms: CALM.map(toBfloat16), resolution: 0.05, found: [] },
])("norms $what: $found", ({ norms, resolution, found }) => {
  expect(check(norms, { resolution }).map((one) => one.split(":")[0])).toEqual(found);
});

function tensors(norms: Readonly<Record<string, readonly number[]>>): ReadonlyMap<string, Curve> {
  return new Map(Object.entries(norms).map(([name, values]) => [name, curve(values)]));
}

const A = noisyNorms(400, { sigma: 0.2, seed: 2 });
const B = noisyNorms(400, { sigma: 0.2, seed: 3 }).map((norm) => 2 * norm);
const SUM = A.map((norm, step) => Math.hypot(norm, B[step] ?? 0));

test.each<{ what: string; global: readonly number[]; found: (string | RegExp)[] }>([
  { what: "as the tensors add up", global: SUM, found: [] },
  {
    what: "rounded to bfloat16 beside exact tensors",
    global: SUM.map((one, step) => (step % 2 === 0 ? toBfloat16(one) : one)),
    found: [],
  },
  {
    what: "clipped to 1.5 where the tensors are not",
    global: SUM.map((norm) => Math.min(norm, 1.5)),
    found: [
      "oneSideClipped: Suspect because, where the global norm and the root of the tensors' squares differ, the smaller is always 1.5: the global norm is logged after clipping to that, the tensors' before.",
    ],
  },
  {
    what: "√2 too small",
    global: SUM.map((norm) => norm / Math.SQRT2),
    found: [
      "scaledAgainstTensors: Suspect because the root of the tensors' squares is 1.414× the global norm at all 400 steps (spread 0 %): 1.414× is √2 if the other is the norm of one of 2 shards.",
    ],
  },
  {
    what: "five times too large",
    global: SUM.map((norm) => norm * 5),
    found: [
      "scaledAgainstTensors: Suspect because the global norm is 5× the root of the tensors' squares at all 400 steps (spread 0 %): one of the two is scaled, or of a part of the gradient.",
    ],
  },
  {
    what: "of more tensors than are logged",
    global: SUM.map((norm, step) => Math.hypot(norm, 3 * (CALM[step] ?? 0))),
    found: [/^missingTensors: The logged tensors have 3\d % of the squared global norm: the others are not logged/],
  },
  {
    what: "smaller than one of its tensors",
    global: A.map((norm, step) => Math.hypot(norm, 0.1 * (CALM[step] ?? 0))),
    found: [
      /^smallerThanTensor, proven: The logged global norm cannot be that of the logged tensors: at step 0 it is \S+, and b alone has \S+ \(39\d of 400 steps\)\.$/,
    ],
  },
])("a global norm $what: $found", ({ global, found }) => {
  const expected = found.map((one) => (typeof one === "string" ? one : (expect.stringMatching(one) as unknown)));
  expect(check(global, { tensors: tensors({ a: A, b: B }) })).toEqual(expected);
});

test("tensors logged after clipping beside a global norm from before it", () => {
  const factor = SUM.map((norm) => Math.min(1, 1.5 / norm));
  const clipped = tensors({
    a: A.map((norm, step) => norm * (factor[step] ?? 1)),
    b: B.map((norm, step) => norm * (factor[step] ?? 1)),
  });
  expect(check(SUM, { tensors: clipped })).toEqual([
    "oneSideClipped: Suspect because, where the global norm and the root of the tensors' squares differ, the smaller is always 1.5: the tensors' norms are logged after clipping to that, the global one before.",
  ]);
});

test("one step at which the global norm is smaller than a tensor's is proof even in a short log", () => {
  expect(check([5, 1], { tensors: tensors({ a: [3, 2], b: [4, 2] }) })).toEqual([
    "smallerThanTensor, proven: The logged global norm cannot be that of the logged tensors: at step 1 it is 1, and a alone has 2 (1 of 2 steps).",
  ]);
});

test("norms estimated from histograms prove nothing", () => {
  expect(check([5, 1], { tensors: tensors({ a: [3, 2] }), areEstimates: true })).toEqual([]);
});

test("processes that log the same norm have reduced it; different ones are parts of it", () => {
  const ranks = [3, 4].map((part) => curve([part, part, part, part]));
  const same = [5, 5].map((norm) => curve([norm, norm, norm, norm]));
  expect([check([], { ranks }), check([], { ranks: same }), check([], { ranks: ranks.slice(0, 1) })]).toEqual([
    [
      "rankLocal: Suspect because 2 processes log different norms at 4 of 4 steps, 3 to 4 at step 3: each is the norm of a part. If their parameters are shards, the global norm there is 5.",
    ],
    [],
    [],
  ]);
});

test.each([
  { what: "sums over 4 micro-batches", growth: (phase: number) => phase + 1, period: 4, found: true },
  {
    what: "sums over 8 micro-batches of pure noise",
    growth: (phase: number) => Math.sqrt(phase + 1),
    period: 8,
    found: true,
  },
  { what: "sums over 2 micro-batches", growth: (phase: number) => phase + 1, period: 2, found: true },
  {
    what: "a wave of period 10 that grows a hundredfold",
    growth: (phase: number) => 100 ** (phase / 9),
    period: 10,
    found: false,
  },
  { what: "noise", growth: () => 1, period: 4, found: false },
])("a log of $what is accumulating: $found", ({ growth, period, found }) => {
  // Noise of a whole accumulation, and a little of each micro-batch.
  const norms = CALM.map(
    (_, step) =>
      growth(step % period) * (1 + 0.3 * (CALM[Math.floor(step / period)] ?? 0)) * (1 + 0.01 * (A[step] ?? 0)),
  );
  expect(
    check(found ? norms : norms.map((norm, step) => norm * (CALM[399 - step] ?? 1) ** (period === 4 ? 1 : 0)), {}).map(
      (one) => one.split(":")[0],
    ),
  ).toEqual(found ? ["accumulating"] : []);
});

test("a series is cut where its steps go back", () => {
  const { steps, values } = { steps: [1, 2, 3, 2, 3, 4], values: [1, 2, 3, 4, 5, 6] };
  expect(segmentsOf({ steps, values })).toEqual([
    { steps: [1, 2, 3], values: [1, 2, 3] },
    { steps: [2, 3, 4], values: [4, 5, 6] },
  ]);
});
