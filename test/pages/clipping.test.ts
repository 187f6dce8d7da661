import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { percent } from "../../src/core/format.ts";
import { candidateCells } from "../../media/dashboard/clipping/candidateCells.ts";
import { digits } from "../../media/dashboard/clipping/effectFacts.ts";
import type { Candidate } from "../../src/protocol/dashboard/clipping.ts";
import { runGradlens } from "../cli/program.ts";
import { seriousViolations } from "../support/axe.ts";
import { EXAMPLE, buildProgram } from "../support/build.ts";
import { openClippingPage, readRun } from "../support/clippingPage.ts";
import type { ClippingPage } from "../support/clippingPage.ts";
import { noisyNorms } from "../support/norms.ts";
import { THEME_KINDS } from "../support/webviewPage.ts";

const SCREENSHOTS = join(import.meta.dirname, "../../.workbench/screenshots");
let view: ClippingPage;

beforeAll(async () => {
  view = await openClippingPage(await readRun(EXAMPLE));
});
afterAll(() => view?.close());

const slider = () => view.page.getByRole("slider", { name: "Clip threshold" });
const box = () => view.page.getByLabel("Clip threshold as a number");
const fact = (label: string) =>
  view.page.locator(".clip-global .facts div", { hasText: label }).locator("dd").innerText();

test("the candidates, and any typed threshold, have the numbers of `gradlens clip`", async () => {
  const { stdout } = await runGradlens(await buildProgram("cli"), EXAMPLE, [
    "clip",
    ".",
    "--json",
    "--max-norm",
    "0.9",
  ]);
  const { candidates } = JSON.parse(stdout) as { readonly candidates: readonly Candidate[] };
  const [given] = candidates.filter(({ method }) => method === "given");
  const rows = await view.page.locator("table.candidates tbody tr").all();
  const cells = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
  expect(cells).toEqual(candidates.filter(({ method }) => method !== "given").map(candidateCells));
  await box().fill("0.9");
  expect([await fact("Steps clipped"), await fact("Mean coefficient"), await fact("Length kept")]).toEqual([
    `${percent(given?.clippedShare ?? Number.NaN)} (${Math.round((given?.clippedShare ?? 0) * 350)})`,
    digits(given?.meanCoefficient ?? Number.NaN),
    percent(given?.retainedLength ?? Number.NaN),
  ]);
});

test("the threshold is moved by the keyboard, and says what it does", async () => {
  await box().fill("1");
  await slider().focus();
  await view.page.keyboard.press("ArrowRight");
  expect(await slider().getAttribute("aria-valuenow")).toBe("1.01");
  await view.page.keyboard.press("PageUp");
  expect(await slider().getAttribute("aria-valuenow")).toBe("1.11");
  expect(await slider().getAttribute("aria-valuetext")).toMatch(/^1\.11: clips \d+ % of the steps$/);
  expect(await box().inputValue()).toBe("1.11");
});

test.each(["is-horizontal", "is-vertical"])("the threshold is dragged on the chart that %s", async (plot) => {
  await box().fill("1");
  const { x, y } = (await view.page.locator(`.clip-plot.${plot}`).boundingBox()) ?? { x: 0, y: 0 };
  await view.page.mouse.move(x + 300, y + 100);
  await view.page.mouse.down();
  const pressed = Number(await box().inputValue());
  await view.page.mouse.move(x + 360, y + 70);
  const dragged = Number(await box().inputValue());
  await view.page.mouse.up();
  await view.page.mouse.move(x + 10, y + 100);
  expect(pressed).not.toBe(1);
  expect(dragged).toBeGreaterThan(pressed);
  expect(Number(await box().inputValue())).toBe(dragged);
});

test("what is no threshold is marked and changes nothing", async () => {
  await box().fill("2");
  await box().fill("-1");
  expect(await box().getAttribute("aria-invalid")).toBe("true");
  expect(await slider().getAttribute("aria-valuenow")).toBe("2");
  await box().fill("2");
});

test("a share of the steps and a candidate are taken by a click, and the code is copied", async () => {
  await view.page.getByRole("button", { name: "1 %", exact: true }).click();
  expect(await fact("Steps clipped")).toBe("0.86 % (3)");
  await view.page.getByRole("button", { name: "usualPractice" }).click();
  expect(await box().inputValue()).toBe("1.37");
  await view.page.getByLabel("Framework").selectOption("DeepSpeed");
  await view.page.getByRole("button", { name: "Copy Code" }).click();
  expect((await view.posted()).at(-1)).toEqual({ kind: "copy", text: '"gradient_clipping": 1.37' });
  await view.page.getByRole("button", { name: "Apply to Source" }).click();
  expect((await view.posted()).at(-1)).toEqual({ kind: "clipping", request: { kind: "apply", threshold: 1.37 } });
  expect(await view.stored()).toMatchObject({ tabStates: { clipping: { threshold: 1.37, framework: "DeepSpeed" } } });
});

test("tighter limits per tensor show how far they turn the gradient", async () => {
  await view.page.getByRole("checkbox", { name: "Per tensor" }).check();
  const cosine = view.page.locator(".tensor-clipping .facts div", { hasText: "Lowest cosine" }).locator("dd");
  const before = Number(await cosine.innerText());
  await view.page.getByLabel("All limits times").press("Home");
  await expect
    .poll(async () => {
      await view.answer();
      return Number(await cosine.innerText());
    })
    .not.toBe(before);
  expect(await view.page.locator(".clip-factor").innerText()).toBe("× 0.125");
  await view.page.screenshot({ path: join(SCREENSHOTS, "clipping-per-tensor.png"), fullPage: true });
  await view.page.getByRole("checkbox", { name: "Per tensor" }).uncheck();
});

test("it looks right in every theme", async () => {
  for (const theme of THEME_KINDS) {
    await view.setTheme(theme);
    await view.page.screenshot({ path: join(SCREENSHOTS, `clipping-${theme}.png`), fullPage: true });
  }
  const ink = await view.page.locator(".clip-plot.is-vertical path[fill=none]").first().getAttribute("stroke");
  expect(ink).toBe("#0072B2"); // The last theme is light; what was drawn in a dark one is drawn anew.
  await view.setTheme("dark");
});

test.each([false, true])("axe finds nothing serious (per tensor: %s)", async (isPerTensor) => {
  await view.page.getByRole("checkbox", { name: "Per tensor" }).setChecked(isPerTensor);
  const serious = await seriousViolations(view.page);
  await view.page.getByRole("checkbox", { name: "Per tensor" }).setChecked(false);
  expect(serious).toEqual([]);
});

test("too few norms get no simulator, and a sentence that says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gradlens-clipping-"));
  const lines = noisyNorms(30).map((norm, step) => JSON.stringify({ step, grad_norm: norm }));
  await writeFile(join(folder, "metrics.jsonl"), `${lines.join("\n")}\n`);
  const short = await openClippingPage(await readRun(folder));
  expect(await short.page.locator(".clip-message").innerText()).toMatch(/^No advice: .*advice needs 50/);
  expect(await short.page.getByRole("slider", { name: "Clip threshold" }).isVisible()).toBe(false);
  await short.close();
  await rm(folder, { recursive: true });
});

test("with a million norms a move of the threshold takes less than a frame", async () => {
  const norms = Float64Array.from(noisyNorms(1_000_000, { sigma: 0.5, phi: 0.9 }));
  const advice = { candidates: [], cautions: [], refused: null, tensors: null, ceiling: null, clipState: "pre" };
  const steps = norms.map((_, step) => step);
  await view.send({
    kind: "clipping",
    answer: { kind: "advice", runId: view.run.id, steps, norms, leftOut: "", note: "", ...advice },
  });
  await view.page.getByText("Based on 1000000 norms").waitFor();
  const times = await view.page.evaluate<number[]>(`(() => {
    const handle = document.querySelector("[role=slider]");
    return Array.from({ length: 200 }, (_, turn) => {
      const start = performance.now();
      handle.dispatchEvent(new KeyboardEvent("keydown", { key: turn % 20 < 10 ? "PageUp" : "PageDown", bubbles: true }));
      document.body.getBoundingClientRect(); // Layout, as the frame will need it.
      return performance.now() - start;
    }).sort((a, b) => a - b);
  })()`);
  console.log(`a move at 1e6 norms: median ${times[100]?.toFixed(2)} ms, p99 ${times[197]?.toFixed(2)} ms`);
  expect(times[100]).toBeLessThan(16);
});
