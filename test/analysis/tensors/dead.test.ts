import { expect, test } from "vitest";
import { alive, findIn, follow, times } from "../../support/tensorRun.ts";
import type { TensorNormTable } from "../../support/tensorRun.ts";

const { NaN: nan } = Number;
const NOISE = times(100, (step) => 1 + 0.1 * Math.cos(step));

test.each<{ what: string; tensors: TensorNormTable; found: string[] }>([
  { what: "a tensor with gradient", tensors: { "a.weight": NOISE }, found: [] },
  {
    what: "zeros from the first step on",
    tensors: { "a.weight": times(100, 0) },
    found: ["GN301 warning a.weight 2–"],
  },
  { what: "19 zeros", tensors: { "a.weight": times(100, (step) => (step >= 81 ? 0 : 1)) }, found: [] },
  {
    what: "20 zeros at the end",
    tensors: { "a.weight": times(100, (step) => (step >= 80 ? 0 : 1)) },
    found: ["GN301 warning a.weight 80–"],
  },
  {
    what: "zeros that end",
    tensors: { "a.weight": times(100, (step) => (step >= 30 && step < 60 ? 0 : 1)) },
    found: ["GN301 warning a.weight 30–59"],
  },
  {
    what: "zeros with one other point between them, once found",
    tensors: { "a.weight": times(100, (step) => (step < 30 || step === 60 ? 1 : 0)) },
    found: ["GN301 warning a.weight 30–"],
  },
  {
    what: "a very small norm, which is not zero",
    tensors: { "a.weight": times(100, 5e-324) },
    found: [],
  },
  {
    what: "NaN among the zeros, which is neither zero nor gradient",
    tensors: { "a.weight": times(100, (step) => (step % 3 === 0 ? nan : 0)) },
    found: ["GN304 error a.weight 0–", "GN301 warning a.weight 4–"],
  },
  { what: "only NaN", tensors: { "a.weight": times(100, nan) }, found: ["GN304 error a.weight 0–"] },
  {
    what: "a frozen tensor, which has no samples at all",
    tensors: { "a.weight": times(100, undefined) },
    found: [],
  },
  {
    what: "a tensor frozen after ten zeros, which then has no samples",
    tensors: { "a.weight": times(100, (step) => (step < 12 ? 0 : undefined)) },
    found: [],
  },
  {
    what: "-1, which stands for a norm that could not be computed",
    tensors: { "a.weight": times(100, -1) },
    found: [],
  },
])("GN301 in $what: $found", ({ tensors, found }) => {
  expect(findIn({ ...alive(100), ...tensors })).toEqual(found);
});

test.each<{ what: string; tensors: TensorNormTable; found: string[] }>([
  {
    what: "LoRA's A at the first two steps, while B is 0",
    tensors: { "q_proj.lora_A.weight": times(100, (step) => (step < 2 ? 0 : 1)), "q_proj.lora_B.weight": NOISE },
    found: [],
  },
  {
    what: "LoRA's A for all steps: B never left 0",
    tensors: { "q_proj.lora_A.weight": times(100, 0), "q_proj.lora_B.weight": NOISE },
    found: ["GN301 warning q_proj.lora_A.weight 2–"],
  },
  {
    what: "a branch behind a gate that starts at 0",
    tensors: { "adaLN.branch.weight": times(21, (step) => (step < 2 ? 0 : 1)) },
    found: [],
  },
  {
    what: "20 zeros of which two are the gate's",
    tensors: { "adaLN.branch.weight": times(20, 0) },
    found: [],
  },
  {
    what: "biases of attention keys",
    tensors: {
      "attn.k_proj.bias": times(100, 0),
      "layer.0.attention.self.key.bias": times(100, 0),
      "attention/key/bias": times(100, 0),
      "attn.k.bias": times(100, 0),
    },
    found: [],
  },
  {
    what: "the bias of a query, without its weight",
    tensors: { "attn.q_proj.bias": times(100, 0) },
    found: ["GN301 warning attn.q_proj.bias 2–"],
  },
  {
    what: "a bias before a normalisation: its weight has gradient",
    tensors: { "conv1.bias": times(100, 0), "conv1.weight": NOISE },
    found: [],
  },
  {
    what: "the same in Flax's words",
    tensors: { "Conv_0/bias": times(100, 0), "Conv_0/kernel": NOISE },
    found: [],
  },
  {
    what: "a bias whose weight is dead as well",
    tensors: { "fc.bias": times(100, 0), "fc.weight": times(100, 0) },
    found: ["GN301 warning several 2–"],
  },
  {
    what: "a head tied to the embedding, whose gradient goes by the embedding's name",
    tensors: { "lm_head.weight": times(100, 0), "model.embed_tokens.weight": NOISE },
    found: [],
  },
  {
    what: "a head without gradient where the embedding has none either",
    tensors: { "lm_head.weight": times(100, 0), "model.embed_tokens.weight": times(100, 0) },
    found: ["GN301 warning several 2–"],
  },
])("GN301 on $what: $found", ({ tensors, found }) => {
  expect(findIn({ ...alive(100, 40), ...tensors })).toEqual(found);
});

function experts(count: number, idle: number, zeros: number): TensorNormTable {
  return Object.fromEntries(
    Array.from({ length: count }, (_, expert) => [
      `layers.0.mlp.experts.${expert}.w1.weight`,
      times(zeros + 3, (step) => (expert < idle && step > 2 ? 0 : 1 + 0.1 * Math.cos(step))),
    ]),
  );
}

test.each([
  { idle: 3, of: 8, zeros: 999, found: [] },
  { idle: 4, of: 8, zeros: 19, found: [] },
  { idle: 4, of: 8, zeros: 20, found: ["GN301 error several 3–"] },
  { idle: 1, of: 32, zeros: 1000, found: ["GN301 warning layers.0.mlp.experts.0.w1.weight 3–"] },
])("$idle of $of experts without a token for $zeros points: $found", ({ idle, of, zeros, found }) => {
  expect(findIn(experts(of, idle, zeros))).toEqual(found);
});

test("a tenth of the tensors dead is one error that lists them", () => {
  const dead = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`dead.${index}.weight`, times(50, 0)]));
  const findings = follow({ ...alive(50, 700), ...dead }).findings();
  expect(findings.map(({ rule, severity, tensor, message }) => [rule, severity, tensor, message])).toEqual([
    [
      "GN301",
      "error",
      null,
      "300 of 1000 tensors have received no gradient since step 2: dead.0.weight, dead.1.weight, dead.2.weight, dead.3.weight, dead.4.weight and 295 more.",
    ],
  ]);
});

function death(from: number): (number | undefined)[] {
  return times(300, (step) => (step >= from ? 0 : 1));
}

test("tensors that die one block after the other become an error once a tenth of them is dead", () => {
  const tensors = { ...alive(300, 18), "a.weight": death(50), "b.weight": death(150) };
  expect(findIn(tensors)).toEqual(["GN301 warning a.weight 50–", "GN301 error b.weight 150–"]);
});

test("a zero that was printed as 0.000 is no zero", () => {
  expect(findIn({ ...alive(100), "a.weight": times(100, 0) }, { resolution: 0.0005 })).toEqual([]);
});

test("the sentence says how long, and where the log shows it", () => {
  const tensors = { ...alive(100), "a.weight": times(100, (step) => (step >= 60 ? 0 : 1)) };
  expect(follow(tensors).findings()).toEqual([
    {
      rule: "GN301",
      severity: "warning",
      tensor: "a.weight",
      start: 60,
      peak: 60,
      end: null,
      value: 0,
      limit: 0,
      message: "a.weight has received no gradient for 40 logged points, since step 60.",
      source: { path: "metrics.jsonl", line: 61 },
    },
  ]);
});
