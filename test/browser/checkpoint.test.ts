import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "./workbench.ts";

const GIBIBYTE = 2 ** 30;

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
  await root.getByText("transformer.wte.weight", { exact: true }).first().waitFor();
  await root.getByText("7.648").first().waitFor();
  await root
    .getByText(/10\.58/)
    .first()
    .waitFor();
  await workbench.screenshot("checkpoint-dark");
});

test("a worker killed in mid-computation is told, and trying again works", async () => {
  makeLargeCheckpoint(join(workbench.folder, "large.safetensors"));
  await workbench.openFile("large.safetensors");
  const root = workbench.webview().locator("#root");
  await root.getByRole("button", { name: "Cancel" }).waitFor();
  execFileSync("pkill", ["-KILL", "-f", "dist/worker.cjs"]);
  await root
    .getByText(/The compute worker stopped \(SIGKILL\)/)
    .first()
    .waitFor();
  await workbench.screenshot("checkpoint-failed");
  expect(await workbench.notifications()).toContain(
    "error: large.safetensors: The compute worker stopped (SIGKILL). Nothing is lost; try again.",
  );
  await root.getByRole("button", { name: /retry|again/i }).click();
  await root.getByRole("button", { name: "Cancel" }).click();
  await root
    .getByText(/cancelled/i)
    .first()
    .waitFor();
});

/** Zeros that take seconds to reduce: sparse on disk, real to every reader. */
function makeLargeCheckpoint(path: string): void {
  const tensor = { dtype: "F32", shape: [8 * GIBIBYTE], data_offsets: [0, 32 * GIBIBYTE] };
  const header = Buffer.from(JSON.stringify({ "blocks.weight": tensor }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([length, header]));
  ftruncateSync(file, 8 + header.length + 32 * GIBIBYTE);
  closeSync(file);
}
