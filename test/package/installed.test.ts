import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "../browser/workbench.ts";
import { ENGINE_HERE, HERE, vsixPath } from "./packages.ts";

const CHECKPOINT = join(import.meta.dirname, "../../examples/char-transformer/checkpoint-241");

let workbench: Workbench | undefined;
afterEach(() => workbench?.close());

test("the package for this platform installs from its file, and computes with the onnxruntime in it", async () => {
  workbench = await openWorkbench({
    vsix: vsixPath(HERE),
    folder: CHECKPOINT,
    machine: { "gradlens.compute.engine": ENGINE_HERE },
  });
  await workbench.openFile("grads.safetensors");
  const page = workbench.webview();
  await page.locator("#root[data-finished]").waitFor();
  await page.locator(".progress-message", { hasText: `${ENGINE_HERE}, cpu, ` }).waitFor();
  await page.getByText("10.58").first().waitFor(); // As PyTorch measured it.
  await workbench.screenshot("installed-native");
});

test("the package for all other platforms computes with simd, and says why", async () => {
  workbench = await openWorkbench({ vsix: vsixPath("others"), folder: CHECKPOINT });
  await workbench.openFile("grads.safetensors");
  const page = workbench.webview();
  await page.locator("#root[data-finished]").waitFor();
  await page.locator(".progress-message", { hasText: "simd, cpu, " }).waitFor();
  await page.getByText("10.58").first().waitFor(); // As PyTorch measured it.
  await workbench.runCommand("Gradlens: Show Diagnostics Report");
  await workbench.waitForText(/onnxruntime\sdoes\snot\srun\son\sthis\smachine/);
  expect((await workbench.notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
  await workbench.screenshot("installed-fallback");
});

test("installed, it gives other extensions nothing", async () => {
  const scratch = await mkdtemp(join(tmpdir(), "gradlens-neighbour-"));
  const neighbour = join(scratch, "tests.neighbour-1.0.0");
  try {
    await mkdir(neighbour);
    await Promise.all(Object.entries(NEIGHBOUR).map(async ([name, text]) => writeFile(join(neighbour, name), text)));
    workbench = await openWorkbench({ vsix: vsixPath(HERE), neighbour });
    await workbench.runCommand("Neighbour: Ask Gradlens");
    await workbench.waitForText("Active: true. From activate: undefined. Exports: undefined.");
  } finally {
    await rm(scratch, { recursive: true });
  }
});

/** An extension that looks at what Gradlens gives it. */
const NEIGHBOUR = {
  "package.json": JSON.stringify({
    name: "neighbour",
    publisher: "tests",
    version: "1.0.0",
    engines: { vscode: "^1.90.0" },
    main: "./main.js",
    contributes: { commands: [{ command: "neighbour.ask", title: "Ask Gradlens", category: "Neighbour" }] },
  }),
  "main.js": `
    const { commands, extensions, window } = require("vscode");
    exports.activate = () => commands.registerCommand("neighbour.ask", async () => {
      const gradlens = extensions.getExtension("gradlens.gradlens");
      const given = String(await gradlens.activate());
      window.setStatusBarMessage(\`Active: \${gradlens.isActive}. From activate: \${given}. Exports: \${gradlens.exports}.\`);
    });
  `,
};
