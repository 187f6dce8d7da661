import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SavedFile } from "../../src/protocol/dashboard/savedFile.ts";
import { useBrowser } from "../support/browser.ts";
import { EXAMPLE } from "../support/build.ts";
import { openClippingPage, readRun } from "../support/clippingPage.ts";
import type { ClippingPage } from "../support/clippingPage.ts";
import { PSEUDO } from "../support/pseudoBundle.ts";

const SCREENSHOTS = join(import.meta.dirname, "../../.workbench/screenshots");
const DIVERGED = join(EXAMPLE, "diverged");
/** Of what is usual, as a vector picture has it. */
const BAND = 'fill-opacity="0.16"';
/** For pages of a single test. */
const browser = useBrowser();
let view: ClippingPage;
let folder: string;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "gradlens-exports-"));
  view = await openClippingPage(await readRun(EXAMPLE));
});
afterAll(async () => {
  await view?.close();
  await rm(folder, { recursive: true });
});

async function openTab(name: string): Promise<void> {
  await view.page.getByRole("tab", { name }).click();
  await view.answer();
}

/** Chooses from the menu, as people do, and gives what the page asks the host to save. */
async function save(entry: string, from: ClippingPage = view): Promise<SavedFile> {
  const before = (await from.posted()).filter(({ kind }) => kind === "save").length;
  await from.page.getByRole("button", { name: "Export" }).click();
  await from.page.getByRole("menuitem", { name: entry }).click();
  const saved = async (): Promise<readonly unknown[]> => {
    await from.answer(); // What it asks before it saves.
    return (await from.posted()).filter(({ kind }) => kind === "save");
  };
  await expect.poll(async () => (await saved()).length).toBe(before + 1);
  return (await saved()).at(-1) as SavedFile;
}

/** How a browser reads an SVG: the name of its root, and how many paths it has. */
async function readSvg(text: string): Promise<unknown> {
  return view.page.evaluate(`(() => {
    const read = new DOMParser().parseFromString(${JSON.stringify(text)}, "image/svg+xml");
    return { root: read.documentElement.nodeName, paths: read.querySelectorAll("path[d^=M]").length > 5 };
  })()`);
}

test.each(["Timeline", "Tensors", "Clipping"])(
  "the picture of the tab %s is an SVG without anything foreign",
  async (tab) => {
    await openTab(tab);
    const { content, format, name } = await save("Picture (SVG)");
    expect(content.includes(BAND)).toBe(tab !== "Tensors"); // What is usual, and what is cut.
    expect([format, name]).toEqual(["svg", `example-${tab.toLowerCase()}`]);
    expect(await readSvg(content)).toEqual({ root: "svg", paths: true });
    expect(content.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|<script|<image|<foreignObject/);
    const page = await view.page.context().browser()?.newPage();
    await page?.setContent(content.replace(/^<\?xml.*\n/, ""));
    await page?.screenshot({ path: join(SCREENSHOTS, `export-${tab.toLowerCase()}.png`), fullPage: true });
    await page?.close();
  },
);

test("the PNG has twice the size of the picture", async () => {
  await openTab("Clipping");
  const bytes = Buffer.from((await save("Picture (PNG)")).content, "base64");
  const svg = (await save("Picture (SVG)")).content;
  expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual(
    ["width", "height"].map((size) => 2 * Number(new RegExp(`${size}="(\\d+)"`).exec(svg)?.[1])),
  );
});

test("the CSV of the timeline, read by the reader of logs, is the run again", async () => {
  await openTab("Timeline");
  await writeFile(join(folder, "metrics.csv"), (await save("Data (CSV)")).content);
  const again = (await readRun(join(folder, "metrics.csv"))).first("globalNorm");
  const norms = view.run.first("globalNorm");
  expect(again?.steps()).toEqual(norms?.steps());
  expect(again?.values()).toEqual(norms?.values());
});

test("the CSV's columns have the same names in every language", async () => {
  await openTab("Timeline");
  const [english] = (await save("Data (CSV)")).content.split("\r\n");
  const pseudo = await openClippingPage(view.run, { bundle: PSEUDO, browser: browser() });
  await pseudo.page.getByRole("tab", { name: "Timeline" }).click();
  await pseudo.answer();
  const [translated] = (await save("Data (CSV)", pseudo)).content.split("\r\n");
  expect(english).toMatch(/^step,.*grad_norm.*,baseline median,baseline low,baseline high$/);
  expect(translated).toBe(english);
});

test("the CSV of a run that diverged keeps its NaN, and its JSON names them", async () => {
  const diverged = await openClippingPage(await readRun(DIVERGED), { browser: browser() });
  await diverged.page.getByRole("tab", { name: "Timeline" }).click();
  await writeFile(join(folder, "metrics.csv"), (await save("Data (CSV)", diverged)).content);
  const again = (await readRun(join(folder, "metrics.csv"))).first("globalNorm");
  expect(again?.values()).toEqual(diverged.run.first("globalNorm")?.values());
  const { series } = JSON.parse((await save("Data (JSON)", diverged)).content) as {
    readonly series: readonly { readonly role: string; readonly values: readonly unknown[] }[];
  };
  expect(series.find(({ role }) => role === "globalNorm")?.values.filter((value) => value === "NaN")).toHaveLength(35);
});

test("the CSV of the tensors has each of them, and their JSON the cells of the heatmap and the movers", async () => {
  await openTab("Tensors");
  await view.page.locator(".movers tbody tr").first().waitFor();
  const rows = (await save("Data (CSV)")).content.trim().split("\r\n");
  expect(rows[0]).toBe("tensor,last,median,p99,share,nonFinite,zeros");
  expect(rows).toHaveLength(1 + view.run.tensors().size);
  const { heatmap, movers, depth } = JSON.parse((await save("Data (JSON)")).content) as Readonly<
    Record<"heatmap" | "movers", readonly { readonly norms?: readonly (number | null)[] }[]>
  > & { readonly depth: unknown };
  expect([heatmap.length > 5, heatmap[0]?.norms?.some((norm) => norm !== null && norm > 0)]).toEqual([true, true]);
  expect(movers.length).toBeGreaterThan(3);
  expect(depth).toMatchObject({ profiles: [] });
});

test("Markdown goes to the clipboard", async () => {
  await openTab("Clipping");
  await view.page.getByRole("button", { name: "Export" }).click();
  await view.page.getByRole("menuitem", { name: "Copy as Markdown" }).click();
  const { kind, text } = (await view.posted()).at(-1) ?? {};
  expect(kind).toBe("copy");
  expect(text).toMatch(/^## Clipping example\n\nThreshold 1: steps clipped 34 % \(120\)/);
  expect(text).toContain("| keep | 1 | 34 % | 0.917 | 77 % |");
});

test("the report opens without a network and without a script, and says all that the page knows", async () => {
  await openTab("Timeline");
  const { content, name } = await save("Report of the Run");
  expect(name).toBe("example-report");
  const context = await view.page.context().browser()?.newContext({ javaScriptEnabled: false });
  const page = await context?.newPage();
  const asked: string[] = [];
  await page?.route("**/*", (route) => {
    asked.push(route.request().url());
    return route.request().url() === "http://report.test/"
      ? route.fulfill({ contentType: "text/html; charset=utf-8", body: content })
      : route.abort();
  });
  await page?.goto("http://report.test/");
  await page?.screenshot({ path: join(SCREENSHOTS, "export-report.png"), fullPage: true });
  const text = (await page?.locator("main").innerText()) ?? "";
  expect(asked.filter((url) => !url.endsWith("/favicon.ico"))).toEqual(["http://report.test/"]);
  expect(content).not.toMatch(/<script|<link|<img|@import|url\((?!#)/);
  expect(await page?.locator("svg").count()).toBe(3);
  expect(content).toContain(BAND);
  const ids = Array.from(content.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
  expect([ids.length > 3, new Set(ids).size]).toEqual([true, ids.length]);
  expect(text).toMatch(/Norm of each tensor by step\s+Step 241: .* rose most/);
  expect(text).toMatch(/jumped to 10\.58 at step 241/);
  expect(text).toContain("spikesOnly");
  expect(text).toContain("This replays the recorded run; a different threshold would have changed what followed.");
  expect(text).toContain("metrics.jsonl");
  await context?.close();
});

test("the menu is used by the keyboard alone", async () => {
  await view.page.getByRole("button", { name: "Export" }).focus();
  await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("End");
  const focused = "document.activeElement.textContent";
  expect(await view.page.evaluate(focused)).toBe("Report of the Run (HTML)");
  await view.page.keyboard.press("Escape");
  expect(await view.page.evaluate(focused)).toBe("Export");
  expect(await view.page.getByRole("menu").isVisible()).toBe(false);
});
