import { execFileSync } from "node:child_process";
import { join } from "node:path";
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

test("a worker killed in mid-computation is told, and trying again works", async () => {
  await writeSparseCheckpoint(join(workbench.folder, "large.safetensors"), 32);
  await workbench.openFile("large.safetensors");
  const root = workbench.webview().locator("#root");
  await root.getByRole("button", { name: "Cancel" }).waitFor();
  execFileSync("pkill", ["-KILL", "-f", WORKER]);
  await root
    .getByText(/The compute worker stopped \(SIGKILL\)/)
    .first()
    .waitFor();
  await workbench.screenshot("checkpoint-failed");
  expect(await workbench.notifications()).toContain(
    "error: large.safetensors: The compute worker stopped (SIGKILL). Nothing is lost; try again.",
  );
  await root.getByRole("button", { name: /retry|again/i }).click();
  await root.getByText(/^[\d.]+ of 34\.4 GB, \d+ (s|min) left$/).waitFor();
  await workbench.screenshot("checkpoint-progress");
  await root.getByRole("button", { name: "Cancel" }).click();
  await root
    .getByText(/cancelled/i)
    .first()
    .waitFor();
});
