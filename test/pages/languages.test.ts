// oxlint-disable-next-line import/no-unassigned-import -- It sets the language before anything that makes texts is loaded.
import "../support/pseudoLanguage.ts";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { EXAMPLE } from "../support/build.ts";
import { openAnsweredDashboard } from "../support/answeredDashboard.ts";
import { openCheckpointPage } from "../support/checkpointPage.ts";
import { readCut, readTexts } from "../support/pageTexts.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";
import type { WebviewPage } from "../support/webviewPage.ts";

// Run the build before: pages are those of dist/media.

const browser = useBrowser();

/** Everything else on a page is data: names, numbers with their units, codes of rules and methods. */
const DATA = [
  /\b(model|transformer|layers|h|wte|wpe|lm_head|embed_tokens|attn|mlp|ln_\w+|c_\w+|[qkvo]_proj|up_proj|down_proj|weight|bias)\b/g, // Tensors.
  /\b(grad_norm|metrics\.jsonl|model\.safetensors|checkpoint-\d+|safetensors|jsonl|example|other|run|max_grad_norm)\b/g, // Files and series.
  /\b(F32|float32|BF16|fp16|simd|cpu|onnxruntime|WebAssembly)\b/g, // Types and engines.
  /\b(spikesOnly|tail|usualPractice|normalising|pascanuLow|pascanuHigh|zclip|adagc|olmoRatio|quantile|evenSplit|sizeSplit|keep)\b/g, // Methods, as the command line names them.
  /\b(PyTorch|Hugging Face|Trainer|Lightning|Accelerate|DeepSpeed|Keras|TensorFlow|JAX|Optax|FSDP|Megatron|torchtune|Axolotl|timm)\b[^⟦]*/g, // Frameworks.
  /\b(NaN|Inf|RMS|GN\d+|p99|lr|kB|MB|GB|min|max|Gradlens|Pascanu|arXiv|torch|JSON|CSV|SVG|PNG|HTML|Markdown|Kendall)\b/g,
];

/** What is left of a text without what is translated and without data; texts may stand in each other. */
function untranslated(text: string): string {
  let left = text;
  for (let before = ""; before !== left;) {
    before = left;
    left = left.replaceAll(/⟦[^⟦⟧]*⟧/g, " ");
  }
  return DATA.reduce((rest, names) => rest.replaceAll(names, " "), left);
}

async function problemsOf({ page }: Pick<WebviewPage, "page">): Promise<unknown> {
  const texts = await readTexts(page);
  return {
    untranslated: texts.filter((text) => /\p{L}{2}/u.test(untranslated(text))),
    cut: await readCut(page),
    isEmpty: !texts.some((text) => text.includes("⟦")),
  };
}

const NONE = { untranslated: [], cut: [], isEmpty: false };

test("every text of the dashboard's tabs is translated, and has room", async () => {
  const view = await openAnsweredDashboard({ browser: browser(), bundle: PSEUDO, width: 1280, height: 1400 });
  await view.page.locator(".findings-list button").first().click();
  const found = new Map([["Timeline", await problemsOf(view)]]);
  for (const tab of ["Tensors", "Clipping", "Compare"]) {
    await view.page.getByRole("tab", { name: tab }).click();
    await view.answer();
    found.set(tab, await problemsOf(view));
  }
  await view.page.getByRole("button", { name: "Export" }).click();
  found.set("menu", await problemsOf(view));
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Array.from(found.keys(), (part) => [part, NONE])));
});

test("every text of the checkpoint's page is translated, and has room", async () => {
  const path = join(EXAMPLE, "checkpoint-400/model.safetensors");
  const view = await openCheckpointPage({ browser: browser(), bundle: PSEUDO, width: 1280 });
  await view.show(path);
  await view.page.locator("#root[data-finished]").waitFor();
  await view.page.locator("tr[aria-level] [title*=weight]").last().click();
  await view.answer(path);
  const tensors = await problemsOf(view);
  await view.page.getByRole("tab", { name: "Optimizer" }).click();
  const optimizer = await problemsOf(view);
  await view.page.getByRole("tab", { name: "Compare" }).click();
  await view.page.getByRole("button", { name: "Choose a checkpoint to compare with" }).click();
  await view.answer(path, join(EXAMPLE, "checkpoint-200/model.safetensors"));
  await view.page.getByText("All weights moved by").waitFor();
  const compare = await problemsOf(view);
  expect({ tensors, optimizer, compare }).toEqual({ tensors: NONE, optimizer: NONE, compare: NONE });
});
