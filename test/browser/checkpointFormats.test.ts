import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pickle } from "../support/pickle.ts";
import { bytesOf, safetensorsFile } from "../support/safetensors.ts";
import { tensor, torchZip } from "../support/torch.ts";
import { trainingCheckpoint } from "../support/trainingCheckpoint.ts";
import { chunkFiles, plain, zarray } from "../support/zarr.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

let workbench: Workbench;

const scratch = mkdtempSync(join(tmpdir(), "gradlens-formats-"));

beforeAll(async () => {
  cpSync(join(import.meta.dirname, "../../examples/char-transformer"), scratch, { recursive: true });
  write("last.pt", trainingCheckpoint(transformer(6)));
  const storage = { key: "0", type: "Float", elements: 2, data: bytesOf(Float32Array.of(3, 4)) };
  const pair = tensor({ storage, size: [2], stride: [1] });
  write("dump.pt", torchZip(pickle({ "h.0.weight": pair, "h.0.tied": pair }), [storage]));
  write("state/w/.zarray", zarray());
  Object.entries(chunkFiles((...at) => at.join("."), plain)).forEach(([name, data]) => write(`state/${name}`, data));
  const six = { dtype: "F6_E2M3", shape: [4], data: new Uint8Array(3) };
  const many = Array.from(
    { length: 10_000 },
    (_, at) => [`h.${at}.weight`, { ...six, dtype: "U8", shape: [3] }] as const,
  );
  write("many.safetensors", safetensorsFile({ ...Object.fromEntries(many), unread: six }));
  workbench = await openWorkbench({ folder: scratch }); // A file that comes while the window opens may not be listed.
});
afterAll(async () => {
  await workbench?.close();
  rmSync(scratch, { recursive: true, force: true });
});

function write(name: string, content: string | Uint8Array): void {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function transformer(blocks: number): { readonly name: string; readonly size: readonly number[] }[] {
  const block = [
    { name: "attn.c_attn.weight", size: [144, 48] },
    { name: "attn.c_proj.weight", size: [48, 48] },
    { name: "mlp.c_fc.weight", size: [192, 48] },
    { name: "mlp.c_fc.bias", size: [192] },
  ];
  const inner = Array.from({ length: blocks }, (_, at) =>
    block.map(({ name, size }) => ({ name: `transformer.h.${at}.${name}`, size })),
  );
  return [{ name: "transformer.wte.weight", size: [75, 48] }, ...inner.flat()];
}

/** As people do: a right click in the Explorer. */
async function inspect(name: string): Promise<ReturnType<Workbench["webview"]>> {
  await workbench.chooseInExplorer(name, "Gradlens: Inspect Checkpoint");
  await workbench.page.locator(".tab.active").filter({ hasText: name }).waitFor();
  const page = workbench.webview();
  // Not that of the checkpoint before.
  await page
    .locator("#root[data-finished]")
    .filter({ has: page.getByText(name).first() })
    .waitFor();
  return page;
}

test("the optimizer's state of a .pt stands beside its parameter, is found by it, and notes say by which rule", async () => {
  await workbench.setTheme("dark");
  const page = await inspect("last.pt");
  await page.getByRole("searchbox").fill("exp_avg wte");
  await page.getByText("optimizer/state/0/exp_avg", { exact: true }).first().waitFor();
  await workbench.screenshot("checkpoint-pt-dark");
  await page.getByText(/^2 notes/).click();
  await page.getByText("Not read: args (project.settings.Settings).").waitFor();
  await page.getByRole("searchbox").fill("exp_avg_sq h.1.mlp");
  await page.getByText("2 of 100").waitFor();
  await page.locator("td.cell-l2").first().waitFor();
  await workbench.screenshot("checkpoint-states");
  await page.getByRole("searchbox").fill("state");
  await workbench.setTheme("light");
  await workbench.screenshot("checkpoint-pt-light");
});

test("what tensors are that nothing tells is said once, changes the global norm at once, and is remembered", async () => {
  const page = await inspect("dump.pt");
  await page.getByText("Global weight norm").waitFor();
  await page.getByLabel("These tensors are").selectOption({ label: "gradients" });
  await page.getByText("Global gradient norm").waitFor();
  expect(await page.locator(".globals").innerText()).toMatch(/^Global gradient norm\s+5\s+1 tensor,/);
  await workbench.screenshot("checkpoint-kind");
  await workbench.runCommand("View: Close Editor");
  const again = await inspect("dump.pt");
  await again.getByText("Global gradient norm").waitFor();
  expect(await again.getByLabel("These tensors are").inputValue()).toBe("gradient");
});

test("a folder opens as a checkpoint from the Explorer", async () => {
  const page = await inspect("state");
  await page.getByText("35.21").first().waitFor();
  await workbench.screenshot("checkpoint-folder");
});

test("of 10,001 tensors the rows in sight are drawn, and one that cannot be read is a row with the reason", async () => {
  const page = await inspect("many.safetensors");
  expect(await page.locator("tbody tr").count()).toBeLessThan(100);
  await page.getByRole("searchbox").fill("unread");
  await page.getByText(/^not read: Gradlens cannot decode elements of F6_E2M3/).waitFor();
  expect(await page.locator("tr", { hasText: "not read" }).locator("td.cell-l2").innerText()).toBe("–");
  await workbench.setTheme("dark");
  await workbench.screenshot("checkpoint-unread");
});

test("inspecting without a name lists the checkpoints of the followed run, and files and folders", async () => {
  await workbench.openList("Gradlens: Inspect Checkpoint…");
  await workbench.page.locator(".quick-input-list").getByText("checkpoint-241/grads.safetensors").waitFor();
  await workbench.page.locator(".quick-input-list").getByText("Choose a Folder…").waitFor();
  await workbench.screenshot("inspect");
  await workbench.page.keyboard.press("Escape");
});
