import { expect, test } from "vitest";
import { REFERENCE_THRESHOLDS } from "#core/clipping/references.ts";
import { clipOptionsOf } from "#core/clipping/snippets.ts";

test("a threshold is written as each framework wants it", () => {
  expect(clipOptionsOf(0.8).map(({ framework, code }) => `${framework}: ${code}`)).toEqual([
    "PyTorch: torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.8)",
    "Hugging Face Trainer: TrainingArguments(max_grad_norm=0.8)",
    'Lightning: Trainer(gradient_clip_val=0.8, gradient_clip_algorithm="norm")',
    'DeepSpeed: "gradient_clipping": 0.8',
    "optax: optax.chain(optax.clip_by_global_norm(0.8), optimizer)",
    "Keras: keras.optimizers.AdamW(global_clipnorm=0.8)",
    "Megatron-LM: --clip-grad 0.8",
  ]);
});

test.each([
  [1, "1.0"],
  [1e-7, "1e-7"],
  [1e21, "1e+21"],
  [2.5, "2.5"],
])("%d is written as the float %s", (threshold, text) => {
  expect(clipOptionsOf(threshold).every(({ code }) => code.includes(text))).toBe(true);
});

test("reference thresholds are in the order of an axis", () => {
  const values = REFERENCE_THRESHOLDS.map(({ value }) => value);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});
