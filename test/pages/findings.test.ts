import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLE } from "../support/build.ts";
import { openClippingPage, readRun } from "../support/clippingPage.ts";
import type { ClippingPage } from "../support/clippingPage.ts";

const FINDING = { limit: 1, value: 3, source: { path: "metrics.jsonl", line: 1 } };
const spike = (start: number): object => ({
  ...FINDING,
  rule: "GN201",
  severity: "warning",
  tensor: null,
  start,
  peak: start,
  end: start,
  message: `Spike at ${start}`,
});
const dead = {
  ...FINDING,
  rule: "GN301",
  severity: "error",
  tensor: "h.0.weight",
  start: 5,
  peak: 5,
  end: null,
  message: "No gradient",
};
const note = { ...spike(50), rule: "GN401", severity: "info", message: "Never clips" };
const NO_TENSORS = {
  count: 0,
  whole: [],
  grown: null,
  added: new Uint8Array(),
  values: new Float64Array(),
  shares: new Float32Array(),
  counted: new Uint32Array(),
  quantiles: { from: 0, medians: new Float64Array(), p99s: new Float64Array() },
};
let view: ClippingPage;

beforeAll(async () => {
  view = await openClippingPage(await readRun(join(EXAMPLE, "diverged")));
  await view.page.getByRole("tab", { name: "Timeline" }).click();
  await grow([spike(10), spike(20), dead, note]);
});
afterAll(() => view?.close());

let sequence = 1;
async function grow(findings: readonly object[]): Promise<void> {
  sequence += 1;
  await view.send({
    kind: "append",
    sequence,
    series: [],
    findings: { keep: 0, items: findings },
    checkpoints: { keep: 0, items: [] },
    tensors: NO_TENSORS,
  });
}

const listed = () => view.page.locator("button.finding .finding-message").allInnerTexts();

test("findings are filtered by severity and by rule, and what is hidden is counted", async () => {
  expect(await listed()).toEqual(["No gradient", "Spike at 10", "Spike at 20", "Never clips"]);
  await view.page.getByRole("button", { name: "1 note" }).click();
  expect(await listed()).toEqual(["No gradient", "Spike at 10", "Spike at 20"]);
  await view.page.getByLabel("Rule").selectOption("GN201");
  expect(await listed()).toEqual(["Spike at 10", "Spike at 20"]);
  await view.page.getByText("2 hidden by the filter.").waitFor();
  expect(await view.stored()).toMatchObject({ findings: { hidden: ["info"], rule: "GN201" } });
  await view.page.getByLabel("Rule").selectOption("");
});

test("the chosen finding offers its rule's page, and to hear no more of the rule or the tensor", async () => {
  await view.page.getByText("No gradient", { exact: true }).click();
  for (const name of ["About the rule", "Ignore rule", "Ignore tensor"]) {
    await view.page.getByRole("button", { name }).click();
  }
  expect((await view.posted()).slice(-3)).toEqual([
    { kind: "openRule", rule: "GN301" },
    { kind: "ignoreRule", rule: "GN301" },
    { kind: "ignoreTensor", tensor: "h.0.weight" },
  ]);
  await view.page.getByText("Spike at 10").click();
  expect(await view.page.getByRole("button", { name: "Ignore tensor" }).count()).toBe(0);
});

test("a run that grows takes neither the focus nor the choice from a finding", async () => {
  await grow([spike(10), { ...spike(20), end: 22, message: "Spike from 20" }, dead, note, spike(60)]);
  const chosen = view.page.locator("button.finding[aria-current=true] .finding-message");
  expect(await chosen.allInnerTexts()).toEqual(["Spike at 10"]);
  expect(await view.page.evaluate("document.activeElement.innerText")).toContain("Spike at 10");
  expect(await listed()).toEqual(["No gradient", "Spike at 10", "Spike from 20", "Spike at 60"]);
});
