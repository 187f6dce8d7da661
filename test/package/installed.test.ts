import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorkbench, type Workbench } from "../browser/workbench.ts";
import { ENGINE_HERE, HERE, vsixPath } from "./packages.ts";

const CHECKPOINT = join(import.meta.dirname, "../../examples/char-transformer/checkpoint-241");

let workbench: Workbench | undefined;

function opened(): Workbench {
  if (workbench === undefined) {
    throw new Error("The window opens before the first test.");
  }
  return workbench;
}

async function close(): Promise<void> {
  await workbench?.close();
  workbench = undefined;
}

/** As people see that norms were computed, by which engine. */
async function showsNorms(engine: string): Promise<void> {
  await opened().openFile("grads.safetensors");
  const page = opened().webview();
  await page.locator("#root[data-finished]").waitFor();
  await page.locator(".progress-message", { hasText: `${engine}, cpu, ` }).waitFor();
  await page.getByText("10.58").first().waitFor(); // As PyTorch measured it.
}

describe("the package for this platform", () => {
  beforeAll(async () => {
    const scratch = await mkdtemp(join(tmpdir(), "gradlens-neighbour-"));
    const neighbour = join(scratch, "tests.neighbour-1.0.0");
    try {
      await mkdir(neighbour);
      await Promise.all(Object.entries(NEIGHBOUR).map(async ([name, text]) => writeFile(join(neighbour, name), text)));
      const machine = { "gradlens.compute.engine": ENGINE_HERE };
      workbench = await openWorkbench({ vsix: vsixPath(HERE), folder: CHECKPOINT, neighbour, machine });
    } finally {
      await rm(scratch, { recursive: true });
    }
  });
  afterAll(close);

  test("installs from its file, and computes with the onnxruntime in it", async () => {
    await showsNorms(ENGINE_HERE);
    await opened().screenshot("installed-native");
  });

  test("gives other extensions nothing", async () => {
    await opened().runCommand("Neighbour: Ask Gradlens");
    await opened().waitForText("Active: true. From activate: undefined. Exports: undefined.");
  });
});

describe("the package for all other platforms", () => {
  beforeAll(async () => {
    workbench = await openWorkbench({ vsix: vsixPath("others"), folder: CHECKPOINT });
  });
  afterAll(close);

  test("computes with simd, and says why", async () => {
    await showsNorms("simd");
    await opened().runCommand("Gradlens: Show Diagnostics Report");
    await opened().waitForText(/onnxruntime\sdoes\snot\srun\son\sthis\smachine/);
    expect((await opened().notifications()).filter((text) => text.startsWith("error"))).toEqual([]);
    await opened().screenshot("installed-fallback");
  });
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
