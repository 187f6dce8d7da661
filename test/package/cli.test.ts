import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { npmPath } from "./packages.ts";

const ROOT = join(import.meta.dirname, "../..");
const CHECKPOINT = join(ROOT, "examples/char-transformer/checkpoint-241");
const folder = mkdtempSync(join(tmpdir(), "gradlens-npm-"));
const gradlens = join(folder, "node_modules/.bin/gradlens");
const run = promisify(execFile);

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", npmPath()], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("installed in an empty folder it brings nothing else along, and says its version", async () => {
  const { stdout } = await run("npm", ["ls", "--all", "--parseable"], { cwd: folder });
  expect(stdout.trim().split("\n")).toHaveLength(2); // The folder and it.
  expect((await run(gradlens, ["--version"])).stdout).toContain(manifest.version);
});

test("without onnxruntime it computes with simd, and gives the norms that PyTorch gave", async () => {
  const { engine, l2 } = await normsWith("auto");
  expect(engine).toBe("simd");
  expect(l2).toBeCloseTo(torchNorm(), 12);
});

test("asked for onnxruntime that is not there it says so, and computes all the same", async () => {
  const { engine, l2, notes } = await normsWith("onnxruntime");
  expect(notes.join()).toMatch(/onnxruntime does not run on this machine/);
  expect(engine).not.toBe("onnxruntime");
  expect(l2).toBeCloseTo(torchNorm(), 12);
});

test("with onnxruntime installed beside it, it can use that", async () => {
  symlinkSync(join(ROOT, "node_modules/onnxruntime-node"), join(folder, "node_modules/onnxruntime-node"), "junction");
  const { engine, l2 } = await normsWith("onnxruntime");
  expect(engine).toBe("onnxruntime");
  expect(l2).toBeCloseTo(torchNorm(), 6);
});

test("what was measured without onnxruntime is not taken for what this machine has with it", async () => {
  await normsWith("auto");
  const measured = readdirSync(join(folder, "cache/gradlens")).filter((file) => file.startsWith("engines"));
  expect(measured.map((file) => file.includes("wasm"))).toEqual(expect.arrayContaining([true, false]));
});

test("its server for agents answers by the worker that is packed with it", async () => {
  const agent = new Client({ name: "test", version: "1" });
  await agent.connect(new StdioClientTransport({ command: gradlens, args: ["mcp", CHECKPOINT] }));
  try {
    const question = { path: "grads.safetensors", compute: true };
    const { content } = await agent.callTool({ name: "gradlens_inspect_checkpoint", arguments: question });
    expect(content).toEqual([
      { type: "text", text: expect.stringContaining("All 41 gradient tensors: norm 10.58, ") as string },
    ]);
  } finally {
    await agent.close();
  }
});

test("its server for agents starts, and ends with its input", async () => {
  const starting = run(gradlens, ["mcp", CHECKPOINT]);
  starting.child.stdin?.end();
  await expect(starting).resolves.toMatchObject({ stdout: "" }); // Nothing was asked.
});

interface Norms {
  readonly engine: string;
  readonly l2: number;
  readonly notes: readonly string[];
}

interface Document {
  readonly engine: { readonly name: string };
  readonly globals: { readonly gradient: { readonly l2: number } };
  readonly notes: readonly string[];
}

async function normsWith(wanted: string): Promise<Norms> {
  const args = ["norms", join(CHECKPOINT, "grads.safetensors"), "--json", "--engine", wanted];
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
  const [{ engine, globals, notes }] = JSON.parse((await run(gradlens, args, { env })).stdout) as [Document];
  return { engine: engine.name, l2: globals.gradient.l2, notes };
}

/** The global norm as the training script measured it with PyTorch. */
function torchNorm(): number {
  const truth = JSON.parse(readFileSync(join(CHECKPOINT, "norms.json"), "utf8")) as { gradient: { global: number } };
  return truth.gradient.global;
}
