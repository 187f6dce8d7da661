import { describe, expect, test } from "vitest";
import { clipSitesIn } from "#source/clipping/clipSites.ts";
import { parseDocument } from "#source/document.ts";
import type { SourceLanguage } from "#source/document.ts";
import { readFixture } from "./positions.ts";

/** What tests compare of a site: kind, threshold, where its literal stands, target and unscaling, as one line. */
function sitesIn(text: string, language: SourceLanguage = "python"): readonly string[] {
  return clipSitesIn(parseDocument(language, text)).map(({ kind, name, threshold, target, unscaled }) => {
    const value = threshold === undefined ? "unknown" : `${String(threshold.value)} in "${threshold.text}"`;
    return `${kind} ${name} ${value}${target === undefined ? "" : ` of ${target}`}${unscaled === "notNeeded" ? "" : ` unscaled ${unscaled}`}`;
  });
}

describe("calls that clip", () => {
  test.each([
    [
      "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
      'globalNorm clip_grad_norm_ 1 in "1.0" of model.parameters()',
    ],
    ["nn.utils.clip_grad_norm_(params, max_norm=0.5)", 'globalNorm clip_grad_norm_ 0.5 in "0.5" of params'],
    ["clip_grad_norm_(parameters=params, max_norm=2)", 'globalNorm clip_grad_norm_ 2 in "2"'],
    [
      "total = clip_grad_norm_(model.parameters(), 1_0.5)",
      'globalNorm clip_grad_norm_ 10.5 in "1_0.5" of model.parameters()',
    ],
    [
      "torch.nn.utils.clip_grads_with_norm_(params, 1.0, norm)",
      'globalNorm clip_grads_with_norm_ 1 in "1.0" of params',
    ],
    [
      "torch.nn.utils.clip_grad_value_(model.parameters(), clip_value=0.5)",
      'value clip_grad_value_ 0.5 in "0.5" of model.parameters()',
    ],
    ["model.clip_grad_norm_(1.0)", 'globalNorm clip_grad_norm_ 1 in "1.0" of model'],
    ["self.model.clip_grad_norm_(1.0, norm_type=2.0)", 'globalNorm clip_grad_norm_ 1 in "1.0" of self.model'],
    [
      "accelerator.clip_grad_norm_(model.parameters(), 0.3)",
      'globalNorm clip_grad_norm_ 0.3 in "0.3" of model.parameters()',
    ],
    ["fabric.clip_gradients(model, optimizer, clip_val=0.5)", 'value clip_gradients 0.5 in "0.5" of model'],
    ["fabric.clip_gradients(model, optimizer, max_norm=0.5)", 'globalNorm clip_gradients 0.5 in "0.5" of model'],
    [
      'self.clip_gradients(opt, gradient_clip_val=0.5, gradient_clip_algorithm="value")',
      'value clip_gradients 0.5 in "0.5" of opt',
    ],
    ["tf.clip_by_global_norm(gradients, 5.0)", 'globalNorm clip_by_global_norm 5 in "5.0" of gradients'],
    ["tf.clip_by_norm(g, clip_norm=2.0)", 'tensorNorm clip_by_norm 2 in "2.0" of g'],
    ["optax.chain(optax.clip_by_global_norm(1.0), optax.adam(lr))", 'globalNorm clip_by_global_norm 1 in "1.0"'],
    ["optax.adaptive_grad_clip(0.01)", 'adaptive adaptive_grad_clip 0.01 in "0.01"'],
    ["optax.clip(2.0)", 'value clip 2 in "2.0"'],
    ["optax.clip_by_block_rms(threshold=1.0)", 'tensorNorm clip_by_block_rms 1 in "1.0"'],
    ['dispatch_clip_grad(params, value=0.1, mode="agc")', 'adaptive dispatch_clip_grad 0.1 in "0.1" of params'],
    ["clip_grad_norm_(p, None)", 'globalNorm clip_grad_norm_ null in "None" of p'],
    ['clip_grad_norm_(p, float("inf"))', 'globalNorm clip_grad_norm_ Infinity in "float("inf")" of p'],
    ["clip_grad_norm_(p, limits[epoch])", "globalNorm clip_grad_norm_ unknown of p"],
    ["clip_grad_norm_(p, None if off else 0.5)", 'globalNorm clip_grad_norm_ 0.5 in "0.5" of p'],
    ["clip_grad_norm_(p, 0.5 if early else math.inf)", 'globalNorm clip_grad_norm_ 0.5 in "0.5" of p'],
    ["clip_grad_norm_(p, 0.5 if early else 1.0)", "globalNorm clip_grad_norm_ unknown of p"],
    ["clip_grad_norm_(p, None if off else limits[epoch])", "globalNorm clip_grad_norm_ unknown of p"],
  ])("%s", (source, site) => {
    expect(sitesIn(source)).toEqual([site]);
  });
});

describe("settings that clip", () => {
  test.each([
    ["TrainingArguments(output_dir='out', max_grad_norm=0.5)", 'globalNorm max_grad_norm 0.5 in "0.5"'],
    ["SFTConfig(max_grad_norm=None)", 'globalNorm max_grad_norm null in "None"'],
    ["pl.Trainer(gradient_clip_val=0.5)", 'globalNorm gradient_clip_val 0.5 in "0.5"'],
    ['Trainer(gradient_clip_val=0.5, gradient_clip_algorithm="value")', 'value gradient_clip_val 0.5 in "0.5"'],
    [
      'Trainer(gradient_clip_val=0.5, gradient_clip_algorithm="constructor")',
      'globalNorm gradient_clip_val 0.5 in "0.5"',
    ],
    ["toString(max_grad_norm=0.5)", 'globalNorm max_grad_norm 0.5 in "0.5"'],
    ["keras.optimizers.Adam(1e-3, clipnorm=1.0)", 'tensorNorm clipnorm 1 in "1.0"'],
    ["keras.optimizers.SGD(global_clipnorm=2.0)", 'globalNorm global_clipnorm 2 in "2.0"'],
    ["keras.optimizers.SGD(clipvalue=0.1)", 'value clipvalue 0.1 in "0.1"'],
    [
      'ds_config = {"gradient_clipping": 1.0, "zero_optimization": {"stage": 2}}',
      'globalNorm gradient_clipping 1 in "1.0"',
    ],
    ['parser.add_argument("--max_grad_norm", type=float, default=1.0)', 'globalNorm --max_grad_norm 1 in "1.0"'],
    ["group.add_argument('--clip-grad', type=float, default=1.0, help='clip')", 'globalNorm --clip-grad 1 in "1.0"'],
    ['flags.DEFINE_float("grad_clip", 0.25, "threshold")', 'globalNorm grad_clip 0.25 in "0.25"'],
    ["class Options:\n    max_grad_norm: float = 1.0", 'globalNorm max_grad_norm 1 in "1.0"'],
    ["class Options:\n    max_grad_norm: float = field(default=0.3)", 'globalNorm max_grad_norm 0.3 in "0.3"'],
    ["class TrainingConfig:\n    max_norm: float | int = 1.0", 'globalNorm max_norm 1 in "1.0"'],
    ["optim_wrapper = dict(optimizer=opt, clip_grad=dict(max_norm=35, norm_type=2))", 'globalNorm max_norm 35 in "35"'],
    ["config.grad_norm_clip = 1.0", 'globalNorm grad_norm_clip 1 in "1.0"'],
    ['config["max_grad_norm"] = 1.0', 'globalNorm max_grad_norm 1 in "1.0"'],
    ["grad_clip = 1.0", 'globalNorm grad_clip 1 in "1.0"'],
    ["def train(model, max_grad_norm: float = 0.7): pass", 'globalNorm max_grad_norm 0.7 in "0.7"'],
  ])("%s", (source, site) => {
    expect(sitesIn(source)).toEqual([site]);
  });
});

describe("a threshold that stands elsewhere in the file", () => {
  test.each([
    ["LIMIT = 0.5\nclip_grad_norm_(p, LIMIT)", 'globalNorm clip_grad_norm_ 0.5 in "0.5" of p'],
    ["def f(p, limit=0.7):\n    clip_grad_norm_(p, limit)", 'globalNorm clip_grad_norm_ 0.7 in "0.7" of p'],
    ["limit = 1.0\ndef f(p, limit):\n    clip_grad_norm_(p, limit)", 'globalNorm clip_grad_norm_ 1 in "1.0" of p'],
    [
      "class A:\n    def __init__(self):\n        self.limit = 0.2\n    def f(self, p):\n        clip_grad_norm_(p, self.limit)",
      'globalNorm clip_grad_norm_ 0.2 in "0.2" of p',
    ],
    [
      'parser.add_argument("--limit", default=0.4)\nclip_grad_norm_(p, args.limit)',
      'globalNorm clip_grad_norm_ 0.4 in "0.4" of p',
    ],
    ['settings = {"limit": 3.0}\nclip_grad_norm_(p, settings["limit"])', 'globalNorm clip_grad_norm_ 3 in "3.0" of p'],
    ["a = 1.0\nlimit = a\nclip_grad_norm_(p, limit)", 'globalNorm clip_grad_norm_ 1 in "1.0" of p'],
    [
      "if big:\n    limit = 1.0\nelse:\n    limit = 2.0\nclip_grad_norm_(p, limit)",
      "globalNorm clip_grad_norm_ unknown of p",
    ],
    ["limit = limit_of(run)\nclip_grad_norm_(p, limit)", "globalNorm clip_grad_norm_ unknown of p"],
    ["a = b\nb = a\nclip_grad_norm_(p, a)", "globalNorm clip_grad_norm_ unknown of p"],
  ])("%s", (source, site) => {
    expect(sitesIn(source)).toEqual([site]);
  });
});

describe("gradients of a scaled loss", () => {
  const before = "def train():\n    for batch in loader:\n";
  test.each([
    ["scaler.scale(loss).backward()\n        scaler.unscale_(opt)\n        clip_grad_norm_(p, 1.0)", " unscaled yes"],
    [
      "scaler.scale(loss).backward()\n        clip_grad_norm_(p, 1.0)\n        scaler.unscale_(opt)\n        scaler.step(opt)",
      " unscaled no",
    ],
    ["self.grad_scaler.scale(loss).backward()\n        clip_grad_value_(p, 1.0)", " unscaled no"],
    ["loss.backward()\n        clip_grad_norm_(p, 1.0)\n        opt.step()", ""],
    ["scaler.scale(loss).backward()\n        accelerator.clip_grad_norm_(p, 1.0)", ""],
    ["x = standard_scaler.fit_transform(x)\n        loss.backward()\n        clip_grad_norm_(p, 1.0)", ""],
  ])("%s", (body, unscaled) => {
    const [site = ""] = sitesIn(`${before}        ${body}`);
    expect(site.replace(/^.* of p/, "")).toBe(unscaled);
  });
});

describe("settings files", () => {
  test("a file of 150,000 settings is read", () => {
    const lines = Array.from({ length: 150_000 }, (_, at) => `key${at}: ${at}\n`);
    expect(sitesIn(`${lines.join("")}max_grad_norm: 2.0\n`, "yaml")).toEqual(['globalNorm max_grad_norm 2 in "2.0"']);
  });

  test.each<[SourceLanguage, string, readonly string[]]>([
    ["json", '{"gradient_clipping": 1.0, "fp16": {"enabled": true}}', ['globalNorm gradient_clipping 1 in "1.0"']],
    ["json", '{"trainer": {"max_grad_norm": "auto"}}', ['globalNorm trainer.max_grad_norm undefined in ""auto""']],
    ["json", '{"max_grad_norm": null} // "max_grad_norm": 2', ['globalNorm max_grad_norm null in "null"']],
    [
      "json",
      '{"runs": [{"grad_clip": 1}, {"grad_clip": 2}]}',
      ['globalNorm runs.0.grad_clip 1 in "1"', 'globalNorm runs.1.grad_clip 2 in "2"'],
    ],
    ["json", '{"gradient_clipping": 1.0', ['globalNorm gradient_clipping 1 in "1.0"']],
    [
      "yaml",
      "trainer:\n  gradient_clip_val: 0.5\n  gradient_clip_algorithm: value\n",
      ['value trainer.gradient_clip_val 0.5 in "0.5"'],
    ],
    ["yaml", "max_grad_norm: 1.0 # max_grad_norm: 2.0\n# grad_clip: 3.0\n", ['globalNorm max_grad_norm 1 in "1.0"']],
    [
      "yaml",
      "defaults:\n  - model: gpt\noptimizer: {lr: 1e-3, grad_clip: null}\n",
      ['globalNorm optimizer.grad_clip null in "null"'],
    ],
    ["yaml", "note: |\n  max_grad_norm: 1.0\nmodel:\n  max_norm: 3\n", []],
    [
      "toml",
      "[training]\nmax_norm = 1.0 # max_norm = 2.0\n[model]\nmax_norm = 3.0\n",
      ['globalNorm training.max_norm 1 in "1.0"'],
    ],
    [
      "toml",
      'note = """\nmax_grad_norm = 2.0\n"""\noptim = {grad_clip = 0.5}\n',
      ['globalNorm optim.grad_clip 0.5 in "0.5"'],
    ],
    ["toml", "[training\nmax_norm = 1.0\n", []],
    [
      "shell",
      "torchrun pretrain.py --clip-grad 1.0 \\\n  --lr 3e-4 # --clip-grad 2.0\n",
      ['globalNorm --clip-grad 1 in "1.0"'],
    ],
    [
      "shell",
      'python train.py --max_grad_norm="0.5" --clip-gradation 3\n',
      ['globalNorm --max_grad_norm 0.5 in "0.5"'],
    ],
    ["text", "max_grad_norm: 1.0\n", []],
  ])("%s: %s", (language, source, sites) => {
    expect(sitesIn(source, language)).toEqual(sites);
  });
});

describe("what only looks like clipping", () => {
  test.each(["lookAlikeTraining", "lookAlikeShop"])("%s has no site", (name) => {
    expect(clipSitesIn(readFixture(name))).toEqual([]);
  });

  test.each([
    '"""clip_grad_norm_(model.parameters(), 1.0)"""',
    "# clip_grad_norm_(model.parameters(), 1.0)",
    "print('max_grad_norm=1.0', \"clip_grad_norm_(p, 1.0)\")",
    "def clip_grad_norm_(parameters, max_norm): pass",
    "from torch.nn.utils import clip_grad_norm_, clip_grad_value_",
    "clip = torch.nn.utils.clip_grad_norm_",
    "np.clip(x, 0, 1)",
    "torch.clip(x, max=1.0)",
    "tf.clip_by_value(x, 0.0, 1.0)",
    "video.clip(2.0)",
    "clip(2.0)",
    "nn.Embedding(10, 3, max_norm=1.0)",
    "vector.normalize(max_norm=1.0)",
    "class Sphere:\n    max_norm: float = 1.0",
    "max_norm = 1.0",
    "gradient_clipper = Clipper()",
    "print(args.max_grad_norm, config['grad_clip'])",
    "if max_grad_norm > 1.0: pass",
    "assert grad_clip == 1.0",
    "grad_clip += 1.0",
    "max_grad_norm: float",
    "del max_grad_norm",
    "log({'grad_norm': 1.0, 'clip_fraction': 0.1, 'clip_coef': 0.2})",
    "PPO(clip_range=0.2, clip_range_vf=None)",
    "loss = gradient_penalty(clip_eps=0.2)",
  ])("%s", (source) => {
    expect(sitesIn(source)).toEqual([]);
  });
});
