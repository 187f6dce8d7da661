import { expect, test } from "vitest";
import { useBrowser } from "../support/browser.ts";
import { REPLACE, RUNS } from "../support/timelineMessages.ts";
import { openWebviewPage } from "../support/webviewPage.ts";
import type { WebviewPage } from "../support/webviewPage.ts";

const browser = useBrowser();

const ONE_RUN = { ...REPLACE, runs: RUNS.slice(0, 1) };

async function openDashboard(message: object): Promise<WebviewPage> {
  const view = await openWebviewPage("dashboard", { browser: browser() });
  await view.send(message);
  return view;
}

test("without a run there are two ways to one", async () => {
  const { page, posted } = await openDashboard({ ...REPLACE, runs: [], run: null });
  await page.getByRole("button", { name: "Follow Run…" }).click();
  await page.getByRole("button", { name: "Open Sample Run" }).click();
  expect((await posted()).slice(-2)).toEqual([{ kind: "followRun" }, { kind: "openExample" }]);
});

test("a run that is alone is compared after another was followed", async () => {
  const { page, posted } = await openDashboard(ONE_RUN);
  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByRole("button", { name: "Follow Run…" }).click();
  expect((await posted()).at(-1)).toEqual({ kind: "followRun" });
});

test("where no norms of tensors are logged, there is no picture to fold and filter, but a way to log them", async () => {
  const { page, posted, send } = await openDashboard(ONE_RUN);
  await page.getByRole("tab", { name: "Tensors" }).click();
  const asked = (await posted()).map(({ request }) => request as { kind: string; id: number } | undefined);
  const id = asked.find((request) => request?.kind === "outline")?.id ?? -1;
  const scale = { low: 0, high: 1 };
  const outline = { groups: [], tensors: 0, steps: null, interval: 1, scale, foldedScale: scale };
  await send({ kind: "tensors", answer: { kind: "outline", id, ...outline } });
  await page.getByRole("button", { name: "Insert Gradient Logging…" }).click();
  expect(await page.getByText("Fold all", { exact: true }).isVisible()).toBe(false);
  expect((await posted()).at(-1)).toEqual({ kind: "insertLogging" });
});

test("of a run without logs the checkpoints are on the timeline, and it is not said to be fine", async () => {
  const run = { ...REPLACE.run, series: [], findings: [] };
  const { page, posted } = await openDashboard({ ...ONE_RUN, run });
  await page.getByText("What the checkpoints tell stands below").waitFor();
  await page.getByText("there is nothing to judge").waitFor();
  const findings = page.locator("header .facts div", { hasText: "Findings" }).locator("dd");
  expect(await findings.innerText()).toBe("0");
  await page.getByRole("button", { name: /^Inspect: Checkpoint of step 10000/ }).click();
  expect((await posted()).at(-1)).toEqual({ kind: "inspectCheckpoint", path: "/a/checkpoint-10000" });
});

test("a run that logs a loss and no gradient norm offers to log one, above what it has", async () => {
  const loss = { role: "loss", name: "loss", steps: Float64Array.of(1, 2), values: Float64Array.of(3, 2) };
  const run = { ...REPLACE.run, series: [loss], findings: [], tensors: [] };
  const { page, posted } = await openDashboard({ ...ONE_RUN, run });
  await page.getByRole("button", { name: "Insert Gradient Logging…" }).click();
  expect((await posted()).at(-1)).toEqual({ kind: "insertLogging" });
  expect(await page.locator(".panel-title").allInnerTexts()).toEqual([expect.stringMatching(/^Loss\b/)]);
  expect(await page.getByText("What the checkpoints tell stands below").isVisible()).toBe(false);
});

test("a run with norms and without findings is said to be fine so far", async () => {
  const { page } = await openDashboard({ ...ONE_RUN, run: { ...REPLACE.run, findings: [] } });
  const findings = page.locator("header .facts div", { hasText: "Findings" }).locator("dd");
  expect([await findings.innerText(), await page.locator(".findings .quiet-text").innerText()]).toEqual([
    "✓ 0",
    "✓ No findings so far.",
  ]);
});

test("the header has the sign of the worst finding", async () => {
  const { page } = await openDashboard(REPLACE);
  const findings = page.locator("header .facts div", { hasText: "Findings" }).locator("dd");
  expect(await findings.innerText()).toBe("✕ 2");
});
