/**
 * What a key costs in a long Python file, and a hover in a run of many tensors: `npm run bench:source`. Prints one Markdown
 * table. The sources are made here.
 */
import { clipSitesIn } from "#source/clipping/clipSites.ts";
import { stepSitesIn } from "#source/clipping/optimizerSteps.ts";
import { editDocument, parseDocument } from "#source/document.ts";
import type { SourceDocument } from "#source/document.ts";
import { tensorAt } from "#source/tensors/tensorAt.ts";
import { createTensorIndex, matchTensors } from "#source/tensors/tensorIndex.ts";

const LINES = 5000;
const LAYERS = 1000;
const TENSORS_OF_LAYER = 10;
const TYPED = "        norm = self.layer_7.attn.q_proj.weight.grad.norm()  # looks at it\n";

const text = longSource();
const places = [0.05, 0.5, 0.95].map((part) => text.indexOf("        return", Math.floor(text.length * part)));
console.log(`Python, ${text.split("\n").length} lines in one class, ${LAYERS * TENSORS_OF_LAYER} tensors\n`);
console.log("| what | median ms | mean ms | 95 % ms |\n|---|---|---|---|");
print(
  "parse the whole file",
  times(10, () => parsed(parseDocument("python", text))),
);
print("type a key", typing(leave));
print("type a key, parse", typing(parsed));
print("type a key, parse, find clip calls and steps", typing(findSites));
print("type a key, parse, hover", typing(hover));
hovers();

function typing(after: (document: SourceDocument) => void): readonly number[] {
  return places.flatMap((place) => {
    let document = parseDocument("python", text);
    return Array.from(TYPED, (key, index) => {
      const start = now();
      document = editDocument(document, [{ start: place + index, end: place + index, text: key }]);
      after(document);
      return now() - start;
    });
  });
}

function leave(): void {
  // As long as nobody asks anything of the document.
}

/** Documents parse when they are asked for their tree. */
function parsed(document: SourceDocument): void {
  if (document.tree === null) {
    throw new Error("Python has a grammar.");
  }
}

function hover(document: SourceDocument): void {
  tensorAt(document, text.indexOf("q_proj.weight"));
}

function findSites(document: SourceDocument): void {
  clipSitesIn(document);
  stepSitesIn(document);
}

function hovers(): void {
  const index = createTensorIndex(Array.from({ length: LAYERS * TENSORS_OF_LAYER }, (_, tensor) => nameOf(tensor)));
  const document = parseDocument("python", text);
  const offset = text.indexOf("q_proj.weight");
  print(
    "every other hover",
    times(20, () => void tensorAt(document, offset), 100),
  );
  const choices = tensorAt(document, offset)?.choices ?? [];
  print(
    `match it: ${matchTensors(index, choices).length} names`,
    times(20, () => void matchTensors(index, choices), 100),
  );
  const all = tensorAt(parseDocument("python", "model.layer[i].attn.q_proj.weight"), 28)?.choices ?? [];
  print(
    `match a name of every layer: ${matchTensors(index, all).length} names`,
    times(20, () => void matchTensors(index, all), 100),
  );
}

function nameOf(tensor: number): string {
  const names = ["q_proj", "k_proj", "v_proj", "o_proj", "gate", "up", "down", "norm", "ln_1", "ln_2"];
  return `layer_${Math.floor(tensor / TENSORS_OF_LAYER)}.attn.${names[tensor % TENSORS_OF_LAYER]}.weight`;
}

function longSource(): string {
  const lines = ["import torch", "from torch import nn", "", "", "class Model(nn.Module):", "    def __init__(self):"];
  for (let layer = 0; layer < 50; layer += 1) {
    lines.push(`        self.layer_${layer} = Block(${layer})`);
  }
  for (let method = 0; lines.length < LINES; method += 1) {
    lines.push(
      `    def method_${method}(self, batch, optimizer, limit=1.0):`,
      `        """Runs step ${method}; clip_grad_norm_ is no call here."""`,
      `        for name, item in enumerate(batch["items"]):`,
      `            loss = self.layer_${method % 50}(item, mask=name)["out"] + ${method}  # the loss`,
      "            loss.backward()",
      "            print(self.layer_1.attn.q_proj.weight.grad.norm(), {'a': [1, 2, 3]})",
      method % 10 === 0
        ? "            torch.nn.utils.clip_grad_norm_(self.parameters(), limit)"
        : "            count = count + 1",
      "            optimizer.step()",
      "        return loss",
      "",
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Of each of some runs; short ones are repeated, since the clock ticks coarsely. */
function times(count: number, run: () => void, repeats = 1): readonly number[] {
  return Array.from({ length: count }, () => {
    const start = now();
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      run();
    }
    return (now() - start) / repeats;
  });
}

/** Milliseconds of this thread's processor time: other work on the machine does not count. */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function print(what: string, measured: readonly number[]): void {
  const sorted = measured.toSorted((a, b) => a - b);
  const mean = measured.reduce((sum, each) => sum + each, 0) / measured.length;
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN).toFixed(3);
  console.log(`| ${what} | ${at(0.5)} | ${mean.toFixed(3)} | ${at(0.95)} |`);
}
