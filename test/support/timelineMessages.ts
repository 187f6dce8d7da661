import type { Finding } from "../../src/core/finding.ts";

/** A run with a warm-up, a spike, a NaN and a zero, as the host describes it to the dashboard. */
export const STEPS = Float64Array.from({ length: 4000 }, (_, index) => index * 5);
export const SPIKE_STEP = 15_000;
export const NAN_STEP = 12_500;
export const ZERO_STEP = 8500;

const noise = (index: number): number => Math.exp(0.2 * Math.sin(index * 12.9898) * Math.cos(index * 78.233));
const SPECIAL: ReadonlyMap<number, number> = new Map([
  [SPIKE_STEP, 40],
  [NAN_STEP, Number.NaN],
  [ZERO_STEP, 0],
]);

export const NORMS = STEPS.map((step, index) => SPECIAL.get(step) ?? (1.2 + 6 * Math.exp(-step / 750)) * noise(index));

export const RUNS = ["a", "b", "c"].map((id) => ({ id: `/${id}`, name: id === "c" ? "<img src=x>" : `run ${id}` }));

const source = { path: "/a/metrics.jsonl", line: 3001 };
export const FINDINGS: readonly Finding[] = [
  {
    rule: "GN101",
    severity: "error",
    tensor: null,
    start: NAN_STEP,
    peak: NAN_STEP,
    end: NAN_STEP,
    value: Number.NaN,
    limit: 0,
    message: "Gradient norm became NaN at step 12500; 1 non-finite value so far.",
    source,
  },
  {
    rule: "GN201",
    severity: "error",
    tensor: null,
    start: SPIKE_STEP,
    peak: SPIKE_STEP,
    end: SPIKE_STEP,
    value: 40,
    limit: 2.4,
    message: "Gradient norm jumped to 40 at step 15000. layers.3.w carries 61 % of its square.",
    source,
  },
];

export const REPLACE = {
  kind: "replace",
  sequence: 1,
  runs: RUNS,
  run: {
    ...RUNS[0],
    source: "a/metrics.jsonl",
    clipThreshold: { value: 1, source: "max_grad_norm" },
    series: [
      { role: "globalNorm", name: "grad_norm", steps: STEPS, values: NORMS },
      { role: "loss", name: "loss", steps: STEPS, values: STEPS.map((step) => 3 + 5 * Math.exp(-step / 2500)) },
      { role: "learningRate", name: "lr", steps: STEPS, values: STEPS.map((step) => Math.min(step / 1000, 1) * 3e-4) },
    ],
    furtherNorms: [],
    findings: FINDINGS,
    checkpoints: [{ path: "/a/checkpoint-10000", step: 10_000, bytes: 4096, known: null }],
    tensors: [],
  },
};

const median = STEPS.map((step) => (step < 250 ? Number.NaN : 1.2 + 6 * Math.exp(-step / 750)));
export const SURROUNDINGS = {
  kind: "timeline",
  answer: {
    kind: "surroundings",
    runId: "/a",
    steps: STEPS,
    median,
    low: median.map((value) => value * 0.8),
    high: median.map((value) => value * 1.25),
    warmUps: [{ from: 0, until: 1000 }],
    resumes: [8000],
    rateChanges: [{ step: 17_000, from: 1e-4, to: 1e-5 }],
    axes: ["time"],
  },
};

/** The norm of another run: the same, by a factor. */
export function overlayOf(runId: string, factor: number): unknown {
  const values = NORMS.map((norm) => norm * factor);
  const answer = { kind: "overlay", runId, token: 1, sent: STEPS.length, isWhole: true, steps: STEPS, values };
  return { kind: "timeline", answer };
}

export function comparisonOf(otherId: string): unknown {
  const finite = STEPS.filter((_, index) => Number.isFinite(NORMS[index]) && NORMS[index] !== 0);
  const answer = {
    kind: "comparison",
    runId: "/a",
    otherId,
    steps: STEPS,
    values: NORMS.map((norm, index) => (index < 600 ? norm : norm * Math.SQRT2)),
    ratioSteps: finite,
    ratios: finite.map((step) => (step < 3000 ? 1 : Math.SQRT2)),
    ratio: { median: Math.SQRT2, spread: 0.001, pairs: finite.length },
    marks: [
      { value: 1, text: "1" },
      { value: Math.SQRT2, text: "√2" },
    ],
    suspicion: "Suspect because the norms of run b are the same multiple of those of run a at 3998 common steps.",
    tolerance: 1e-3,
    divergence: { step: 3000, own: 1.31, other: 1.85, difference: 0.29 },
    tensors: [{ tensor: "layers.3.mlp.w", step: 3000, own: 1, other: Number.NaN, difference: Infinity }],
    divergingTensors: 1,
    commonTensors: 24,
    facts: [
      { label: "Clip threshold", own: "1 (max_grad_norm)", other: "unknown" },
      { label: "Format", own: "jsonl", other: "jsonl" },
    ],
  };
  return { kind: "compare", answer };
}
