import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** With its folder, so that no other VS Code on this machine loses its worker. */
const WORKER = join(import.meta.dirname, "../../dist/worker.cjs");

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench?.close());

/** Worker processes of this build; each test file has its own extension host, one after the other. */
function workers(): number[] {
  const { stdout } = spawnSync("pgrep", ["-f", WORKER], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

test("a checkpoint opens as a table of tensors with their norms", async () => {
  await workbench.setTheme("dark");
  await workbench.runCommand("Gradlens: Focus on Runs View");
  await workbench.page.getByText("checkpoint-241/grads").first().click();
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
  await writeSparseCheckpoint(join(workbench.folder, "large.safetensors"), 32);
  await workbench.openFile("large.safetensors");
  const root = workbench.webview().locator("#root");
  const progress = root.getByText(/^[\d.]+ of 34\.4 GB, \d+ (s|min) left$/);
  await progress.waitFor();
  const killed = workers();
  killed.forEach((id) => process.kill(id, "SIGKILL"));
  await expect
    .poll(() => workers().filter((id) => !killed.includes(id)).length, { timeout: 30_000 })
    .toBeGreaterThan(0);
  const before = await progress.textContent();
  await expect.poll(async () => progress.textContent(), { timeout: 30_000 }).not.toBe(before);
  expect((await workbench.notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
  await workbench.screenshot("checkpoint-progress");
  await root.getByRole("button", { name: "Cancel" }).click();
  await root
    .getByText(/cancelled/i)
    .first()
    .waitFor();
});
