import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { buildProgram } from "../support/build.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import { ask, createScene } from "./requests.ts";
import type { Scene } from "./requests.ts";

// Nothing goes out: with every way into a network denied all works as ever, and no way is tried; nor is anything written
// into the home of the user but what the documentation tells.

let scene: Scene;
let home: string;
let attempts: string;
let denied: string;
beforeAll(async () => {
  scene = await createScene();
  [home, attempts, denied] = [join(scene.path, "home"), join(scene.path, "attempts"), join(scene.path, "denied.cjs")];
  await build({
    entryPoints: [join(import.meta.dirname, "denied.ts")],
    outfile: denied,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CACHE_HOME", join(home, ".cache"));
  vi.stubEnv("GRADLENS_ATTEMPTS", attempts);
  vi.stubEnv("ORT_DISABLE_TELEMETRY", undefined);
  vi.stubEnv("CI", undefined); // In CI some libraries are quieter than elsewhere.
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await scene.dispose();
});

function tried(): string {
  return existsSync(attempts) ? readFileSync(attempts, "utf8") : "";
}

/** Files in the user's home but the rates of engines that were measured. */
function written(): string[] {
  const entries = existsSync(home) ? readdirSync(home, { recursive: true, withFileTypes: true }) : [];
  return entries.flatMap((entry) => {
    const isOurs = entry.parentPath === join(home, ".cache", "gradlens") && /^engines-[\w.-]+\.json$/.test(entry.name);
    return entry.isFile() && !isOurs ? join(entry.parentPath, entry.name) : [];
  });
}

test("the worker answers every request, with each engine, without trying the network, and leaves nothing in the user's home but rates", async () => {
  const worker = await createFaultyWorker(join(scene.path, "programs"));
  for (const name of ["worker", "thread"]) {
    await writeFile(
      join(worker.folder, `${name}.cjs`),
      `require(${JSON.stringify(denied)});\nrequire("./${name}.real.cjs");\n`,
    );
  }
  try {
    for (const { request } of scene.asked) {
      await ask(worker.client, request);
      if (request.kind === "computeNorms") {
        await ask(worker.client, { ...request, engine: "onnxruntime", threads: 2 });
      }
    }
    await ask(worker.client, { kind: "reportEngines", threads: 2 });
  } finally {
    worker.client.dispose();
  }
  expect([tried(), written()]).toEqual(["", []]);
});

test("so do the commands, and the server for agents", async () => {
  const cli = await buildProgram("cli");
  const run = join(scene.path, "run");
  const checkpoint = join(run, "checkpoint-241");
  const hello = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  };
  const list = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "gradlens_list_runs", arguments: {} } };
  const input = [hello, { jsonrpc: "2.0", method: "notifications/initialized" }, list]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
  const commands = [
    ["norms", checkpoint, "--engine", "onnxruntime", "--threads", "2"],
    ["norms", checkpoint, "--full"],
    ["log", run],
    ["check", run],
    ["clip", join(run, "metrics.jsonl")],
    ["diff", join(run, "checkpoint-200"), checkpoint],
    ["completion", "bash"],
    ["mcp", run],
  ];
  const outcomes = commands.map((command) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", denied, cli, ...command], {
      encoding: "utf8",
      input,
    });
    return [command[0], status === 2 ? stderr : stdout.length > 0];
  });
  expect(outcomes).toEqual(commands.map(([name]) => [name, true]));
  expect([tried(), written()]).toEqual(["", []]);
});

test("the denial would be noticed: a program that asks for a page leaves its trace", async () => {
  const program = join(scene.path, "asking.cjs");
  await writeFile(program, 'require("node:http").get("http://127.0.0.1:9/").on("error", () => undefined);');
  spawnSync(process.execPath, ["--require", denied, program]);
  expect(tried()).toContain("net.Socket.connect");
});
