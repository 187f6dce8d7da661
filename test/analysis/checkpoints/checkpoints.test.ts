import { describe, expect, test } from "vitest";

import { adamGradient } from "#analysis/checkpoints/adam.ts";
import { adamFindings } from "#analysis/checkpoints/adamFindings.ts";
import { depthFindings, depthProfiles } from "#analysis/checkpoints/depthProfile.ts";
import { reviewComparison } from "#analysis/checkpoints/review.ts";
import { stepInPath, stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { trendOf } from "#analysis/checkpoints/theilSen.ts";
import { updateFindings } from "#analysis/checkpoints/updateFindings.ts";
import { updateOf } from "#analysis/checkpoints/updates.ts";
import type { AdamParameter, ComparedCheckpoint, ComparedTensor, MomentSums, TensorChange } from "#core/comparison.ts";

const CHANGE: TensorChange = {
  before: 10,
  after: 10,
  delta: 1,
  dot: 99.5,
  maxDelta: 0.1,
  changed: 100,
  roundedAway: 0,
  nonFiniteBefore: 0,
  nonFiniteAfter: 0,
};

function tensor(changes: Partial<TensorChange> = {}, more: Partial<ComparedTensor> = {}): ComparedTensor {
  const name = more.name ?? "h.0.mlp.c_fc.weight";
  const described = { name, kind: "weight", dtype: "F32", shape: [10, 10], elements: 100, file: "f" } as const;
  return {
    ...described,
    nameBefore: name,
    dtypeBefore: "F32",
    isTied: false,
    change: { ...CHANGE, ...changes },
    ...more,
  };
}

const SUMS: MomentSums = {
  squaredMean: 0.5,
  squaredGradient: 1,
  update: 2,
  belowEpsilon: 0,
  zeros: 0,
  nonFinite: 0,
  ratios: [],
};

function parameter(sums: Partial<MomentSums> = {}, more: Partial<AdamParameter> = {}): AdamParameter {
  return {
    name: "h.0.mlp.c_fc.weight",
    elements: 100,
    step: 1000,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    learningRate: 0.01,
    weightDecay: 0,
    sums: { ...SUMS, ...sums },
    storedNorm: null,
    ...more,
  };
}

function sideAt(step: number | null): ComparedCheckpoint {
  const adam = step === null ? null : { parameters: [parameter({}, { step: 3 }), parameter({}, { step })], notes: [] };
  return { format: "pytorch", bytes: 1, hasMasterWeights: false, adam };
}

function found(after: readonly AdamParameter[], before: readonly AdamParameter[] | null = null): readonly string[] {
  const earlier = before === null ? null : { parameters: before, notes: [] };
  const findings = adamFindings({ parameters: after, notes: [] }, earlier);
  return findings.map(({ rule, severity, tensor: name }) => `${rule} ${severity} ${name}`);
}

function gradients(factor: number, blocks: number): { name: string; norm: number; elements: number }[] {
  return Array.from({ length: blocks }, (_, block) => {
    return { name: `model.layers.${block}.mlp.up_proj.weight`, norm: factor ** block * 10, elements: 100 };
  });
}

describe("updates", () => {
  test("one step's share lies between a straight way and a random walk", () => {
    const { relative, perStep, cosine } = updateOf(tensor(), 100);
    expect([relative, perStep, cosine]).toEqual([0.1, { low: 0.001, high: 0.01 }, 0.995]);
  });

  test.each([
    { what: "steps are not known", of: tensor(), steps: null, relative: 0.1 },
    { what: "it was zero", of: tensor({ before: 0 }), steps: 10, relative: null },
    { what: "it has NaN", of: tensor({ before: Number.NaN, delta: Number.NaN }), steps: 10, relative: null },
    { what: "it is a gradient", of: tensor({}, { kind: "gradient" }), steps: 10, relative: 0.1 },
  ])("there is no ratio per step where $what", ({ of, steps, relative }) => {
    expect([updateOf(of, steps).relative, updateOf(of, steps).perStep]).toEqual([relative, null]);
  });

  const CONTEXT = { steps: 100, hasMasterWeights: false };
  const rules = (...tensors: readonly ComparedTensor[]): readonly string[] =>
    updateFindings(
      tensors.map((one) => updateOf(one, CONTEXT.steps)),
      CONTEXT,
    ).map(({ rule, message }) => `${rule} ${message}`);

  test("GN501 tells of a matrix whose whole interval is outside the band", () => {
    expect(
      rules(tensor({ delta: 0.0009 }), tensor({ delta: 0.0011 }), tensor({ delta: 9.9 }), tensor({ delta: 10.1 })),
    ).toEqual([
      "GN501 h.0.mlp.c_fc.weight: update/weight is 9.000e-7 to 9.000e-6 per step, outside 1e-5 to 1e-2.",
      "GN501 h.0.mlp.c_fc.weight: update/weight is 0.0101 to 0.101 per step, outside 1e-5 to 1e-2.",
    ]);
  });

  test.each([
    ["an embedding", tensor({ delta: 50 }, { name: "wte.weight" })],
    ["a norm", tensor({ delta: 50 }, { name: "h.0.ln_1.weight" })],
    ["LoRA's B, which starts at zero", tensor({ delta: 50 }, { name: "h.0.q_proj.lora_B.weight" })],
    ["a vector", tensor({ delta: 50 }, { shape: [100] })],
    ["what was zero", tensor({ delta: 50, before: 1e-7 })],
    ["what did not move", tensor({ delta: 0, changed: 0 })],
    ["a tensor that is tied to one before it", tensor({ delta: 50 }, { isTied: true })],
  ])("GN501 is not for %s", (_, of) => {
    expect(rules(of)).toEqual([]);
  });

  const BF16 = { dtype: "BF16", dtypeBefore: "BF16" } as const;

  test("GN504 tells of bfloat16 weights of which most did not move", () => {
    const stuck = tensor({ roundedAway: 60, changed: 40 }, BF16);
    expect(rules(stuck, tensor({ roundedAway: 40 }, BF16), tensor({ roundedAway: 60 }))).toEqual([
      "GN504 h.0.mlp.c_fc.weight: 60 % of its elements did not move in 100 steps. Most updates round away in bfloat16, unless float32 weights are kept elsewhere.",
    ]);
    const saved = { steps: 100, hasMasterWeights: true };
    expect(updateFindings([updateOf(stuck, 100)], saved)).toEqual([]);
  });
});

describe("steps between two checkpoints", () => {
  test.each([
    ["run/checkpoint-200/model.safetensors", 200],
    ["lightning_logs/version_3/checkpoints/epoch=2-step=1000.ckpt", 1000],
    ["global_step500", 500],
    ["ckpt/iter_0000100/mp_rank_00", 100],
    ["step1000-unsharded", 1000],
    ["timestep5.pt", null],
    ["model-00001-of-00002.safetensors", null],
  ])("the step in %s is %s", (path, step) => {
    expect(stepInPath(path)).toBe(step);
  });

  test.each([
    { given: 7, steps: [10, 30], paths: ["step1", "step2"], found: { count: 7, from: "given" } },
    { given: undefined, steps: [10, 30], paths: ["step1", "step2"], found: { count: 20, from: "optimizer" } },
    { given: undefined, steps: [30, 30], paths: ["step1", "step3"], found: { count: 2, from: "names" } },
    { given: undefined, steps: [null, 30], paths: ["step1", "step3"], found: { count: 2, from: "names" } },
    { given: undefined, steps: [null, null], paths: ["step3", "step1"], found: null },
  ] as const)(
    "$steps in the optimizers and $paths in the names are $found",
    ({ given, steps, paths, found: expected }) => {
      const comparison = { before: sideAt(steps[0]), after: sideAt(steps[1]) };
      expect(stepsBetween({ given, paths, comparison })).toEqual(expected);
    },
  );
});

describe("Adam's state", () => {
  test("a gradient of known signal and noise comes out of its own moments", () => {
    // Moments of 4000 elements that were really averaged: the mean gradient is 1 a coordinate, the noise √10.
    const [beta1, beta2, steps, elements] = [0.9, 0.99, 600, 4000];
    const means = new Float64Array(elements);
    const squares = new Float64Array(elements);
    let state = 1;
    const uniform = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    for (let step = 0; step < steps; step += 1) {
      for (let at = 0; at < elements; at += 1) {
        const noise = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
        const gradient = 1 + Math.sqrt(10) * noise;
        means[at] = beta1 * (means[at] ?? 0) + (1 - beta1) * gradient;
        squares[at] = beta2 * (squares[at] ?? 0) + (1 - beta2) * gradient ** 2;
      }
    }
    const squaredMean = means.reduce((sum, mean) => sum + mean ** 2, 0) / (1 - beta1 ** steps) ** 2;
    const squaredGradient = squares.reduce((sum, square) => sum + square, 0) / (1 - beta2 ** steps);
    const { norm, noise } = adamGradient(
      parameter({ squaredMean, squaredGradient }, { step: steps, beta1, beta2, elements }),
    );
    expect(norm / Math.sqrt(11 * elements)).toBeCloseTo(1, 2);
    expect((noise?.variance ?? 0) / (10 * elements)).toBeCloseTo(1, 1);
    expect((noise?.noiseScale ?? 0) / 10).toBeCloseTo(1, 0);
    expect(Math.abs((noise?.noiseScale ?? 0) / 10 - 1)).toBeLessThan(0.1);
  });

  test("a mean no larger than noise alone leaves is below the noise", () => {
    expect(adamGradient(parameter({ squaredMean: 0.05 })).noise).toEqual({
      signal: null,
      variance: (1 - 0.05) / (1 - 1 / 19),
      noiseScale: null,
    });
    expect(adamGradient(parameter({}, { step: null })).noise).toBe(null);
    expect(adamGradient(parameter({ squaredGradient: 0 })).noise).toBe(null);
  });

  const ZERO = { squaredMean: 0, squaredGradient: 0, zeros: 100, update: 0, belowEpsilon: 100 };
  const many = Array.from({ length: 19 }, (_, at) => parameter({}, { name: `h.${at}.weight` }));

  test("GN301 tells of a second moment that is all zero after many steps", () => {
    expect(found([...many, parameter(ZERO, { name: "h.20.weight" })])).toEqual(["GN301 warning h.20.weight"]);
    expect(found([parameter(), parameter(ZERO)])).toEqual(["GN301 error h.0.mlp.c_fc.weight"]);
    expect(found([parameter(), parameter(ZERO, { step: 99 })])).toEqual([]);
    expect(found([parameter(), parameter(ZERO, { name: "h.0.attn.k_proj.bias" })])).toEqual([]);
  });

  test("a state that is zero as a whole was lost, unless it was just made", () => {
    const lost = [parameter(ZERO, { step: 0 }), parameter(ZERO, { step: 0 })];
    expect(found(lost)).toEqual([]);
    expect(found(lost, many)).toEqual(["GN301 error null"]);
    expect(found([parameter(ZERO)])).toEqual(["GN301 error null"]);
  });

  test("GN502 tells where gradients come near ε, of embeddings only by their RMS", () => {
    expect(found([parameter({ squaredGradient: 100 * 1e-14 })])).toEqual(["GN502 info h.0.mlp.c_fc.weight"]);
    expect(found([parameter({ belowEpsilon: 50 })])).toEqual(["GN502 info h.0.mlp.c_fc.weight"]);
    expect(found([parameter({ belowEpsilon: 49 })])).toEqual([]);
    expect(found([parameter({ belowEpsilon: 90 }, { name: "wte.weight" })])).toEqual([]);
  });

  test("the next update's ratio is found by the parameter's name, in whatever dict the weights lie", () => {
    const weights = [tensor({ after: 4 }, { name: "model/h.0.mlp.c_fc.weight" })];
    const empty = { format: "pytorch", bytes: 1, hasMasterWeights: false, adam: null };
    const after = { ...empty, adam: { parameters: [parameter()], notes: [] } };
    const rest = {
      reshaped: [],
      added: [],
      missing: [],
      unmeasured: [],
      threads: 1,
      readBytes: 1,
      seconds: 1,
      notes: [],
    };
    const { adam } = reviewComparison({ before: empty, after, tensors: weights, ...rest }, null);
    expect(adam.after?.gradients.map(({ updateRatio }) => updateRatio)).toEqual([(0.01 * 2) / 4]);
    expect([adam.after?.globalNorm, adam.after?.steps]).toEqual([1, [1000]]);
  });
});

describe("the depth profile", () => {
  test("the trend is the median of all slopes, whatever one wild point does", () => {
    expect(trendOf([0, 1, 2, 3, 400, 5])?.slope).toBe(1);
    expect(trendOf([3, 2, 1, 0])).toEqual({ slope: -1, tau: -1 });
    expect(trendOf([1])).toBeUndefined();
  });

  test("a gradient that doubles with each block has λ = ln 2, and decades from the first to the last but one", () => {
    const [profile, ...others] = depthProfiles(gradients(2, 10));
    expect(others).toEqual([]);
    expect(profile?.pattern).toBe("model.layers.*.mlp.up_proj.weight");
    expect(profile?.lambda).toBeCloseTo(Math.LN2, 12);
    expect(profile?.decades).toBeCloseTo(8 * Math.log10(2), 12);
    expect(profile?.tau).toBe(1);
    expect(profile?.blocks[0]).toEqual({ group: "model.layers.0", rms: 1 });
  });

  test("experts of a block count together, and shapes do not matter, for the RMS is compared", () => {
    const experts = gradients(1, 8).flatMap(({ name, norm }) => [
      { name: name.replace("up_proj", "experts.0.w1"), norm: norm * 3, elements: 900 },
      { name: name.replace("up_proj", "experts.1.w1"), norm, elements: 100 },
    ]);
    expect(depthProfiles(experts).map(({ blocks, decades }) => [blocks[0]?.rms, decades])).toEqual([[1, 0]]);
  });

  test("fewer than six blocks have no trend, zeros and NaN no logarithm", () => {
    expect(depthProfiles(gradients(2, 6))).toEqual([]);
    const holes = gradients(2, 9).map((one, at) => ({ ...one, norm: [0, Number.NaN][at] ?? one.norm }));
    expect(depthProfiles(holes)[0]?.blocks.map(({ group }) => group)[0]).toBe("model.layers.2");
  });

  test.each([
    { factor: 1.5, rule: [] },
    { factor: 2, rule: ["warning 10^2.7"] },
    { factor: 0.2, rule: ["error 10^-6.3"] },
  ])("GN303 tells of a factor of $factor from block to block: $rule", ({ factor, rule }) => {
    const findings = depthFindings(depthProfiles(gradients(factor, 11)));
    expect(findings.map(({ severity, message }) => `${severity} ${/10\^[-.\d]+/.exec(message)?.[0]}`)).toEqual(rule);
  });
});
