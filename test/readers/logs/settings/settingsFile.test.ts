import { expect, test } from "vitest";
import { settingsFile } from "#readers/logs/settings/settingsFile.ts";

function thresholdOf(text: string, name = "config.yaml"): unknown[] | null {
  const { clipThreshold } = settingsFile.parse(text, { firstLine: 0, carry: "", name });
  return clipThreshold === null ? null : [clipThreshold.value, clipThreshold.source];
}

test.each([
  {
    written: "Lightning's hparams",
    text: "lr: 0.1\ngradient_clip_val: 0.5\n",
    value: 0.5,
    key: "gradient_clip_val (line 2)",
  },
  {
    written: "nested YAML",
    text: "trainer:\n  max_epochs: 3\n  gradient_clip_val: 1e-1 # of norms\n",
    value: 0.1,
    key: "trainer.gradient_clip_val (line 3)",
  },
  { written: "quoted YAML", text: "'max_grad_norm': \"1.0\"\n", value: 1, key: "max_grad_norm (line 1)" },
  { written: "YAML with Windows line ends", text: "a: 1\r\nclip_grad: 3\r\n", value: 3, key: "clip_grad (line 2)" },
  {
    written: "the configuration of Weights & Biases",
    text: "wandb_version: 1\nmax_grad_norm:\n    desc: null\n    value: 0.3\n",
    value: 0.3,
    key: "max_grad_norm (line 4)",
  },
  {
    written: "a mapping in braces",
    text: "optim_wrapper:\n  clip_grad: {max_norm: 35, norm_type: 2}\n",
    value: 35,
    key: "optim_wrapper.clip_grad.max_norm (line 2)",
  },
  {
    written: "a list of mappings",
    text: "stages:\n  - name: one\n    grad_clip: 2\n",
    value: 2,
    key: "stages.grad_clip (line 3)",
  },
  {
    written: "two models",
    text: "actor:\n  grad_clip: 1.0\ncritic:\n  grad_clip: 0.5\n",
    value: 1,
    key: "actor.grad_clip (line 2)",
  },
])("the clip threshold of $written is $value", ({ text, value, key }) => {
  expect(thresholdOf(text)).toEqual([value, `${key} of config.yaml`]);
});

test.each([
  { written: "a switched off threshold", text: "gradient_clip_val: 0\n" },
  { written: "none", text: "gradient_clip_val: null\nmax_grad_norm:\n" },
  { written: "auto", text: "gradient_clipping: auto\n" },
  { written: "clipping of values", text: "gradient_clip_algorithm: value\ngradient_clip_val: 0.5\n" },
  { written: "the norm of an embedding's rows", text: "embedding:\n  max_norm: 1.0\n" },
  { written: "a text with such a line", text: "help: |\n  use\n  gradient_clip_val: 1\nlr: 1\n" },
  { written: "a comment", text: "# gradient_clip_val: 1\nlr: 1\n" },
  { written: "nothing", text: "" },
])("$written is no clip threshold", ({ text }) => {
  expect(thresholdOf(text)).toBeNull();
});

test("DeepSpeed's JSON is read, and waits while it is half written", () => {
  const text = '{\n  "fp16": {"enabled": true},\n  "gradient_clipping": 1.0\n}\n';
  expect([thresholdOf(text, "ds_config.json"), thresholdOf(text.slice(0, 40), "ds_config.json")]).toEqual([
    [1, "gradient_clipping (line 3) of ds_config.json"],
    null,
  ]);
});

test.each([
  {
    code: "optim_wrapper = dict(\n    clip_grad=dict(max_norm=35, norm_type=2),\n    type='OptimWrapper')\n",
    line: 2,
    key: "clip_grad.max_norm",
    value: 35,
  },
  {
    code: "optimizer_config = dict(grad_clip=dict(max_norm=10, norm_type=2))\n",
    line: 1,
    key: "grad_clip.max_norm",
    value: 10,
  },
  { code: "lr = 1e-3\nmax_grad_norm = 0.5  # clip\n", line: 2, key: "max_grad_norm", value: 0.5 },
])("a Python configuration says $key = $value", ({ code, line, key, value }) => {
  expect(thresholdOf(code, "config.py")).toEqual([value, `${key} (line ${line}) of config.py`]);
});

test.each(["optimizer_config = dict(grad_clip=None)\n", "# max_grad_norm = 1\nlr = 1\n", "grad_clip = compute(1)\n"])(
  "Python that sets no number is no threshold: %s",
  (code) => {
    expect(thresholdOf(code, "config.py")).toBeNull();
  },
);

test.each([
  "a".repeat(250_000),
  "a:".repeat(120_000),
  " ".repeat(250_000),
  "dict(".repeat(50_000),
  "{".repeat(250_000),
  "a: {".repeat(60_000),
  " \n".repeat(120_000),
  "gesr:\n  ".repeat(30_000),
  "lr = 1\n".repeat(30_000),
])("settings of a quarter of a megabyte without sense are judged in time (%#)", (text) => {
  expect([thresholdOf(text), thresholdOf(`x = 1\n${text}`, "config.py")]).toEqual([null, null]);
});

test("settings without a threshold are no log", () => {
  const recognised = ["gradient_clip_val: 1\n", "lr: 1\n"].map((text) =>
    settingsFile.recognises({ name: "hparams.yaml", text }),
  );
  expect([recognised, settingsFile.recognises({ name: "train.log", text: "gradient_clip_val: 1\n" })]).toEqual([
    [true, false],
    false,
  ]);
});
