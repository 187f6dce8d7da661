// oxlint-disable-next-line import/no-unassigned-import -- It sets the language before anything that makes texts is loaded.
import "../support/pseudoLanguage.ts";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../.ci/chromium.mjs";
import { createFindingsBook } from "#following/findingsBook.ts";
import { describeAdvice, scalePlan } from "#host/clipAdvice.ts";
import { factsOf } from "#host/dashboard/runFacts.ts";
import { answerTensors } from "#host/dashboard/tensors.ts";
import { answerTimeline } from "#host/dashboard/timeline.ts";
import { describeRun } from "#host/dashboardModel.ts";
import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import { createRunStore } from "#store/runStore.ts";
import { EXAMPLE } from "../support/build.ts";
import { openCheckpointPage } from "../support/checkpointPage.ts";
import { layeredRun } from "../support/layeredRun.ts";
import { readCut, readTexts } from "../support/pageTexts.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";
import { openWebviewPage } from "../support/webviewPage.ts";
import type { WebviewPage } from "../support/webviewPage.ts";
import { openWorkbench } from "./workbench.ts";

// Run the build before: pages are those of dist/media.

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

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
  const view = await openDashboard();
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
  const view = await openCheckpointPage({ browser, bundle: PSEUDO, width: 1280 });
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
  await view.close();
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
    await workbench.waitForText("GN201 · 第 241 步 · char-transformer");
    await workbench.screenshot("chinese-findings");
    await workbench.runCommand("Gradlens: 打开仪表板");
    await workbench.webview().getByRole("tab", { name: "裁剪" }).click();
    await workbench.webview().getByText("应用到源代码").waitFor();
    await workbench.screenshot("chinese-clipping");
  } finally {
    await workbench.close();
  }
});

/** The dashboard with a run that has findings, tensors and another run beside it, answered by the host's own code. */
async function openDashboard(): Promise<WebviewPage & { readonly answer: () => Promise<void> }> {
  const view = await openWebviewPage("dashboard", { browser, bundle: PSEUDO, width: 1280, height: 1400 });
  const store = createRunStore();
  const findings = createFindingsBook(store);
  const run = layeredRun(store, { blocks: 8, steps: 400, change: spoil });
  const names = { ofRun: () => "run", ofFile: () => "metrics.jsonl" };
  const runs = [
    { id: run.id, name: "run" },
    { id: "/other", name: "other" },
  ];
  await view.send({ kind: "replace", sequence: 1, runs, run: describeRun(run, names, findings.of(run)) });
  let answered = 0;

  async function answerOne(asked: FromDashboard): Promise<void> {
    const given: ToDashboard[] = [];
    if (asked.kind === "timeline") {
      const post = (answer: Extract<ToDashboard, { kind: "timeline" }>["answer"]): void =>
        void given.push({ kind: "timeline", answer });
      answerTimeline(asked.request, { run, store, findings, post });
    } else if (asked.kind === "tensors") {
      const post = (answer: Extract<ToDashboard, { kind: "tensors" }>["answer"]): void =>
        void given.push({ kind: "tensors", answer });
      answerTensors(asked.request, { run, store, findings, post });
    } else if (asked.kind === "clipping" && asked.request.kind === "advise") {
      given.push({ kind: "clipping", answer: describeAdvice(run, asked.request) });
    } else if (asked.kind === "clipping" && asked.request.kind === "scalePlan") {
      const plan = scalePlan(run, asked.request);
      given.push(
        ...(plan === undefined
          ? []
          : [{ kind: "clipping" as const, answer: { kind: "tensorPlan" as const, id: asked.request.id, plan } }]),
      );
    } else if (asked.kind === "compare") {
      const norms = run.first("globalNorm");
      const [steps, values] = [Float64Array.from(norms?.steps() ?? []), Float64Array.from(norms?.values() ?? [])];
      const { otherId, tolerance } = asked.request;
      const divergence = { step: 3, own: 1, other: 2, difference: 0.5 };
      given.push({
        kind: "compare",
        answer: {
          ...{ kind: "comparison", runId: run.id, otherId, tolerance, steps, values, ratioSteps: steps },
          ...{ ratios: values, ratio: { median: 2, spread: 0.1, pairs: 400 }, marks: [], suspicion: null, divergence },
          tensors: [{ ...divergence, tensor: "model.layers.1.mlp.up_proj.weight" }],
          ...{ divergingTensors: 2, commonTensors: 9, facts: factsOf(run, run) },
        },
      });
    }
    for (const message of given) {
      await view.send(message);
    }
  }

  async function answer(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      const posted = (await view.posted()) as unknown as readonly FromDashboard[];
      for (const asked of posted.slice(answered)) {
        await answerOne(asked);
        quiet = 0;
      }
      answered = posted.length;
      await view.page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    }
  }
  await answer();
  return { ...view, answer };
}

function spoil(name: string, values: Float64Array): void {
  if (name === "model.layers.5.mlp.down_proj.weight") {
    values[211] = 40;
  }
  if (name === "model.layers.3.attn.q_proj.weight") {
    values.fill(Number.NaN, 360, 372);
  }
}
