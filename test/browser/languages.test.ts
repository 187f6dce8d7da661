// oxlint-disable-next-line import/no-unassigned-import -- It sets the language before anything that makes texts is loaded.
import "../support/pseudoLanguage.ts";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loop } from "../host/trainingLoops.ts";
import { useBrowser } from "../support/browser.ts";
import { EXAMPLE } from "../support/build.ts";
import { openAnsweredDashboard } from "../support/answeredDashboard.ts";
import { openCheckpointPage } from "../support/checkpointPage.ts";
import { readCut, readTexts } from "../support/pageTexts.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";
import { concat } from "../support/safetensors.ts";
import type { WebviewPage } from "../support/webviewPage.ts";
import { u64 } from "../support/zip.ts";
import { openWorkbench } from "./workbench.ts";

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

test("in Chinese, commands, views, hovers, findings and the status bar are Chinese", async () => {
  const workbench = await openWorkbench({ language: "zh-cn" });
  try {
    await workbench.openFile("train.py");
    await workbench.goToLine(180);
    const hover = await workbench.hover("c_proj", /梯度范数 .*char-transformer 第 \d+ 步/);
    expect(await hover.innerText()).toContain("打开仪表板");
    await workbench.screenshot("chinese-hover");
    await workbench.runCommand("Problems: Focus on Problems View");
    await workbench.waitForText(/梯度范数在第 241 步跳到 10\.58，为近期中位数 .* 倍/);
    const status = workbench.page.locator(".statusbar-item", { hasText: "‖g‖" });
    expect(await status.getAttribute("aria-label")).toMatch(/全局梯度范数 .*，char-transformer 第 \d+ 步/);
    await workbench.runCommand("Gradlens: Focus on 发现 View");
    await workbench.waitForText("第 241 步 · char-transformer · GN201");
    await workbench.screenshot("chinese-findings");
    await workbench.runCommand("Gradlens: 打开仪表板");
    await workbench.webview().getByRole("tab", { name: "裁剪" }).click();
    await workbench.webview().getByText("应用到源代码").waitFor();
    await workbench.screenshot("chinese-clipping");
  } finally {
    await workbench.close();
  }
});

test("in Chinese, what is wrong with a checkpoint, a line of a log and a threshold in a source is Chinese", async () => {
  const workbench = await openWorkbench({
    language: "zh-cn",
    prepare(folder) {
      writeFileSync(
        join(folder, "damaged.safetensors"),
        headed(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`),
      );
      appendFileSync(join(folder, "metrics.jsonl"), "no row\n");
      writeFileSync(join(folder, "loop.py"), loop("0.01"));
    },
  });
  try {
    await workbench.openFile("damaged.safetensors");
    const page = workbench.webview();
    await page
      .getByText(/w：data_offsets \[4, 8\] 在数据的字节 0 之后留下空洞。请重新保存文件。/)
      .first()
      .waitFor();
    await workbench.screenshot("chinese-damaged");
    await workbench.runCommand("Problems: Focus on Problems View");
    await workbench.waitForText("此行不是 JSON 对象。");
    await workbench.screenshot("chinese-unread-line");
    await workbench.openFile("loop.py");
    await workbench.waitForText(/会裁剪 char-transformer 的 \d+ 个记录步中的 \d+ %/);
    await workbench.screenshot("chinese-threshold");
  } finally {
    await workbench.close();
  }
});

/** A safetensors file of eight bytes with this header. */
function headed(header: string): Uint8Array {
  return concat([u64(header.length), Buffer.from(header), new Uint8Array(8)]);
}
