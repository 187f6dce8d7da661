import { describe, expect, test } from "vitest";
import { changeValue, floatLiteral } from "#source/clipping/changeValue.ts";
import { clipSitesIn } from "#source/clipping/clipSites.ts";
import { ignoreComment, isIgnored } from "#source/clipping/ignoreComments.ts";
import { insertClip } from "#source/clipping/insertClip.ts";
import { insertUnscale } from "#source/clipping/insertUnscale.ts";
import { stepSitesIn } from "#source/clipping/optimizerSteps.ts";
import { applyEdits, parseDocument } from "#source/document.ts";
import type { SourceDocument, SourceLanguage, TextEdit } from "#source/document.ts";
import { compileErrors } from "./compilePython.ts";
import { readFixture } from "./positions.ts";

/** What a fix makes of a source; a second time it must find nothing left to do, and Python must be able to read it. */
function fixed(document: SourceDocument, fix: (document: SourceDocument) => readonly TextEdit[]): string {
  const text = applyEdits(document.text, fix(document));
  expect(fix(parseDocument(document.language, text))).toEqual([]);
  expect(document.language === "python" ? compileErrors(text) : "").toBe("");
  return text;
}

function change(document: SourceDocument): readonly TextEdit[] {
  return clipSitesIn(document).flatMap((site) => changeValue(site, 0.5));
}

function insert(document: SourceDocument): readonly TextEdit[] {
  const [step] = stepSitesIn(document);
  return step === undefined ? [] : insertClip(document, step, 1);
}

function unscale(document: SourceDocument): readonly TextEdit[] {
  return clipSitesIn(document).flatMap((site) => insertUnscale(document, site));
}

describe("a value that is changed", () => {
  test.each<[SourceLanguage, string, string]>([
    ["python", "clip_grad_norm_(p, 1.0)\n", "clip_grad_norm_(p, 0.5)\n"],
    ["python", "clip_grad_norm_(p, max_norm=None)\n", "clip_grad_norm_(p, max_norm=0.5)\n"],
    [
      "python",
      "args = TrainingArguments(max_grad_norm=1, x=2)\n",
      "args = TrainingArguments(max_grad_norm=0.5, x=2)\n",
    ],
    [
      "python",
      "limit = 2  # why\n\n\nclip_grad_norm_(p, limit)\n",
      "limit = 0.5  # why\n\n\nclip_grad_norm_(p, 0.5)\n".replace("(p, 0.5)", "(p, limit)"),
    ],
    [
      "python",
      'parser.add_argument("--clip-grad", default=1.0)\n',
      'parser.add_argument("--clip-grad", default=0.5)\n',
    ],
    ["json", '{"gradient_clipping": "auto"}', '{"gradient_clipping": 0.5}'],
    ["yaml", "trainer:\n  gradient_clip_val: 1 # usual\n", "trainer:\n  gradient_clip_val: 0.5 # usual\n"],
    ["toml", "[training]\nmax_norm = 1.0\n", "[training]\nmax_norm = 0.5\n"],
    ["shell", "train.py --clip-grad 1.0 --lr 2\n", "train.py --clip-grad 0.5 --lr 2\n"],
  ])("%s: %s", (language, source, wanted) => {
    expect(fixed(parseDocument(language, source), change)).toBe(wanted);
  });

  test.each([
    [1, "1.0"],
    [0.25, "0.25"],
    [1e-7, "1.0e-7"],
    [2.5e-9, "2.5e-9"],
    [1e21, "1.0e+21"],
  ])("%d is written as %s, which every language reads as a float", (value, literal) => {
    expect(floatLiteral(value)).toBe(literal);
  });

  test("a threshold that the file does not hold cannot be changed", () => {
    const [site] = clipSitesIn(parseDocument("python", "clip_grad_norm_(p, limits[0])"));
    expect(site === undefined ? undefined : changeValue(site, 1)).toEqual([]);
  });
});

describe("a clip call that is inserted", () => {
  const rest = '[p for group in optimizer.param_groups for p in group["params"]]';

  test.each([
    [
      "in the loop, with the optimizer's parameters",
      "import torch\noptimizer = torch.optim.Adam(model.parameters())\nfor x in data:\n    loss(x).backward()\n    optimizer.step()\n",
      "    loss(x).backward()\n    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n    optimizer.step()\n",
    ],
    [
      "with tabs, and what the optimizer holds when nothing else is in sight",
      "from torch import nn\ndef train(optimizer):\n\tfor x in data:\n\t\toptimizer.step()\n",
      `\t\tnn.utils.clip_grad_norm_(${rest}, 1.0)\n\t\toptimizer.step()\n`,
    ],
    [
      "after unscale_, which it adds",
      "import torch\nfor x in data:\n    scaler.scale(loss(x)).backward()\n    scaler.step(optimizer)\n",
      `    scaler.unscale_(optimizer)\n    torch.nn.utils.clip_grad_norm_(${rest}, 1.0)\n    scaler.step(optimizer)\n`,
    ],
    [
      "after unscale_, which is there",
      "import torch\nfor x in data:\n    scaler.scale(loss(x)).backward()\n    scaler.unscale_(optimizer)\n    scaler.step(optimizer)\n",
      `    scaler.unscale_(optimizer)\n    torch.nn.utils.clip_grad_norm_(${rest}, 1.0)\n    scaler.step(optimizer)\n`,
    ],
    [
      "on the line of other statements",
      "import torch\nfor x in data: loss(x).backward(); optimizer.step()\n",
      `loss(x).backward(); torch.nn.utils.clip_grad_norm_(${rest}, 1.0); optimizer.step()\n`,
    ],
    [
      "with an import where there is none, below __future__",
      '"""Trains."""\nfrom __future__ import annotations\n\noptimizer.step()\n',
      `annotations\nimport torch\n\ntorch.nn.utils.clip_grad_norm_(${rest}, 1.0)\noptimizer.step()\n`,
    ],
    [
      "by the name that is imported",
      "from torch.nn.utils import (\n    clip_grad_norm_,\n)\n\noptimizer.step()\n",
      `\nclip_grad_norm_(${rest}, 1.0)\noptimizer.step()\n`,
    ],
    [
      "through accelerate, when its gradients are whole",
      "def train(accelerator, optimizer):\n    accelerator.backward(loss)\n    optimizer.step()\n",
      `    if accelerator.sync_gradients:\n        accelerator.clip_grad_norm_(${rest}, 1.0)\n    optimizer.step()\n`,
    ],
    [
      "before a return",
      "import torch\ndef train(optimizer):\n    return optimizer.step()\n",
      `    torch.nn.utils.clip_grad_norm_(${rest}, 1.0)\n    return optimizer.step()\n`,
    ],
    [
      "with the line ends of the file",
      "import torch\r\nfor x in data:\r\n    optimizer.step()\r\n",
      `    torch.nn.utils.clip_grad_norm_(${rest}, 1.0)\r\n    optimizer.step()\r\n`,
    ],
  ])("stands %s", (_, source, wanted) => {
    expect(fixed(parseDocument("python", source), insert)).toContain(wanted);
  });

  test("is not inserted where something clips, or where no statement can stand", () => {
    const clipped = "for x in data:\n    clip_grad_norm_(p, 1.0)\n    optimizer.step()\n";
    const lambda = "import torch\nf = lambda: optimizer.step()\n";
    expect([clipped, lambda].map((source) => insert(parseDocument("python", source)))).toEqual([[], []]);
  });

  test.each(["characterModel", "fineTuning", "parallelTrainer"])("has no place in %s, which clips", (name) => {
    expect(insert(readFixture(name))).toEqual([]);
  });
});

test("unscale_ is put before a clip call on scaled gradients, once", () => {
  const source =
    "for x in data:\n    scaler.scale(loss(x)).backward()\n    clip_grad_norm_(p, 1.0)\n    scaler.step(opt)\n";
  expect(fixed(parseDocument("python", source), unscale)).toBe(
    source.replace("    clip_grad", "    scaler.unscale_(opt)\n    clip_grad"),
  );
});

describe("a comment that says to ignore a rule", () => {
  test.each<[string, SourceLanguage, string, number, string]>([
    ["ends the line", "python", "clip(p)\nx = 1\n", 0, "clip(p)  # gradlens: ignore GN411\nx = 1\n"],
    [
      "joins another rule",
      "python",
      "clip(p)  # gradlens: ignore GN412\n",
      0,
      "clip(p)  # gradlens: ignore GN412, GN411\n",
    ],
    ["follows another comment", "python", "clip(p)  # why\n", 0, "clip(p)  # why  # gradlens: ignore GN411\n"],
    [
      "ends a line inside a call",
      "python",
      "f(\n    max_grad_norm=1.0,\n)\n",
      1,
      "f(\n    max_grad_norm=1.0,  # gradlens: ignore GN411\n)\n",
    ],
    [
      "stands above a line with a backslash",
      "python",
      "if y:\n    x = clip(p) \\\n        + 1\n",
      1,
      "if y:\n    # gradlens: ignore GN411\n    x = clip(p) \\\n        + 1\n",
    ],
    [
      "stands above a string of many lines",
      "python",
      'x = """a\nb"""\n',
      0,
      '# gradlens: ignore GN411\nx = """a\nb"""\n',
    ],
    ["ends the last line", "yaml", "max_grad_norm: 1.0", 0, "max_grad_norm: 1.0  # gradlens: ignore GN411"],
    [
      "ends a line of TOML",
      "toml",
      "[training]\nmax_norm = 1.0\n",
      1,
      "[training]\nmax_norm = 1.0  # gradlens: ignore GN411\n",
    ],
    ["keeps line ends", "python", "clip(p)\r\nx = 1\r\n", 0, "clip(p)  # gradlens: ignore GN411\r\nx = 1\r\n"],
    ["is not put into JSON", "json", '{"gradient_clipping": 1.0}', 0, '{"gradient_clipping": 1.0}'],
  ])("%s (%s)", (...[, language, source, line, wanted]) => {
    expect(fixed(parseDocument(language, source), (document) => ignoreComment(document, line, "GN411"))).toBe(wanted);
  });

  test.each([
    ["clip(p)  # gradlens: ignore GN411", true],
    ["clip(p)  # gradlens: ignore", true],
    ["clip(p)  # gradlens: ignore GN412 GN411", true],
    ["# gradlens: ignore GN411\nclip(p)", true],
    ["x = f(  # gradlens: ignore GN411\n    clip(p))", false],
    ["# gradlens: ignore GN411\nx = f(\n    clip(p))", true],
    ["x = 1  # gradlens: ignore GN411\nclip(p)", false],
    ["clip(p)  # gradlens: ignore GN412", false],
    ["clip(p, '# gradlens: ignore GN411')", false],
    ["clip(p)\n# gradlens: ignore GN411", false],
  ])("%s", (source, isSaid) => {
    const start = source.indexOf("clip(p");
    const document = parseDocument("python", source);
    expect(isIgnored(document, { start, end: start + 7 }, "GN411")).toBe(isSaid);
  });
});
