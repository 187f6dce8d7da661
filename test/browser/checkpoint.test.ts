import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRunning, processesBelow } from "../support/processes.ts";
import type { RunningProcess } from "../support/processes.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

const GIBIBYTES = 256; // Read for many seconds on any machine, from no disk at all.
const END_LIMIT_MS = 30_000; // Much less than the work would take; two seconds are measured where nothing else runs beside it.

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

/** Of the one extension host that there is below this process. */
function workers(): readonly RunningProcess[] {
  return processesBelow(process.pid).filter(({ command }) => command.includes("worker.cjs"));
}

test("a checkpoint opens as a table of tensors with their norms", async () => {
  await workbench.setTheme("dark");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.chooseRow("checkpoint-241/grads");
  const root = workbench.webview().locator("#root");
  await root.getByText("wte.weight", { exact: true }).first().waitFor();
  await root.getByText("7.648").first().waitFor();
  await root
    .getByText(/10\.58/)
    .first()
    .waitFor();
  expect(await root.getByText(/^simd, cpu|^onnxruntime, /).getAttribute("title")).toMatch(
    /^Measured once on this machine.*\nsimd on cpu: [\d.]+ [MG]B\/s\n/,
  );
  await workbench.screenshot("checkpoint-dark");
});

test("a worker killed in mid-computation lets another one go on, and nobody is asked", async () => {
  await writeSparseCheckpoint(join(workbench.folder, "large.safetensors"), GIBIBYTES);
  await workbench.openFile("large.safetensors");
  const root = workbench.webview().locator("#root");
  const progress = root.getByText(/^(?!0 of)[\d.]+ of 275 GB(, \d+ (s|min|h) left)?$/); // Two per cent have no time yet.
  await progress.waitFor();
  const killed = workers().map(({ id }) => id);
  killed.forEach((id) => process.kill(id, "SIGKILL"));
  await expect.poll(() => workers().filter(({ id }) => !killed.includes(id)).length).toBeGreaterThan(0);
  const before = await progress.textContent();
  await expect.poll(async () => progress.textContent()).not.toBe(before);
  expect((await workbench.notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
  await workbench.screenshot("checkpoint-progress");
  await root.getByRole("button", { name: "Cancel" }).click();
  await root
    .getByText(/cancelled/i)
    .first()
    .waitFor();
});

test("when the extension host dies while norms are computed, its worker ends, too", async () => {
  await workbench.runCommand("View: Close All Editors");
  await workbench.page.locator(".tab").first().waitFor({ state: "hidden" });
  await workbench.openFile("large.safetensors");
  await workbench.webview().getByRole("button", { name: "Cancel" }).waitFor();
  const [worker] = workers();
  if (worker === undefined) {
    throw new Error("No worker computes.");
  }
  process.kill(worker.parent, "SIGKILL"); // It started the worker, so it is the extension host.
  await expect.poll(() => isRunning(worker), { timeout: END_LIMIT_MS }).toBe(false);
});
