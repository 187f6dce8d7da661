import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PYTHON } from "../support/python.ts";
import { buildProgram } from "../support/build.ts";
import { createScene } from "./requests.ts";
import type { Scene } from "./requests.ts";

// The kernel ends every process that asks for a socket of a network, also from native code: nothing here ever asks. What
// network.test.ts denies is only what goes through Node.

const LAUNCHER = join(import.meta.dirname, "withoutSockets.py");
const hasFilter = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);
const FILTERED = hasFilter ? [PYTHON, LAUNCHER, process.execPath] : [process.execPath];
const where = hasFilter ? "" : " (not tried: the filter is for Linux)";

let scene: Scene;
beforeAll(async () => {
  scene = await createScene();
});
afterAll(async () => scene.dispose());

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of Node's under the filter; without it where there is none. */
function run(args: readonly string[], input = ""): Ended {
  const [command = "", ...first] = FILTERED;
  return spawnSync(command, [...first, ...args], {
    encoding: "utf8",
    input,
    maxBuffer: 1e9,
    env: { ...process.env, XDG_CACHE_HOME: join(scene.path, "cache"), NO_COLOR: "1" },
  });
}

test(`a program that asks for a socket is ended, and one that needs none is not${where}`, () => {
  const asking = run(["-e", "require('node:net').connect(9, '127.0.0.1')"]);
  const native = run(["-e", "require('node:dns').lookup('example.invalid', () => undefined)"]);
  const quiet = run(["-e", "console.log(6 * 7)"]);
  const ended = hasFilter ? "SIGSYS" : null;
  expect([asking.signal, native.signal, quiet.signal, quiet.stdout]).toEqual([ended, ended, null, "42\n"]);
});

test(`every request to the worker, with each engine, is answered as without the filter${where}`, async () => {
  const script = await buildProgram("worker");
  const requests = [
    ...scene.asked.map(({ request }) => request),
    ...scene.asked.flatMap(({ request }) =>
      request.kind === "computeNorms" ? [{ ...request, engine: "onnxruntime" as const, cache: undefined }] : [],
    ),
    { kind: "reportEngines", threads: 1 } as const,
    { kind: "checkPatterns", customPatterns: ["(?<norm>\\d+)"] } as const,
  ];
  const file = await scene.write("requests.json", JSON.stringify(requests));
  const program = [join(import.meta.dirname, "requestsProgram.ts"), script, file];
  const free = spawnSync(process.execPath, program, { encoding: "utf8", maxBuffer: 1e9 });
  const { status, signal, stdout, stderr } = run(program);
  expect([status, signal, stderr]).toEqual([0, null, ""]);
  expect(kinds(stdout)).toEqual(kinds(free.stdout));
  expect(kinds(stdout)).toEqual([...requests.map(() => '{"kind":"answer"'), "null"]);
});

/** How the line of each answer begins: a norm may differ in time and threads. */
function kinds(text: string): readonly string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.slice(0, 16));
}

test(`every command does its work${where}`, async () => {
  const cli = await buildProgram("cli");
  const folder = join(scene.path, "run");
  const [earlier, checkpoint] = [join(folder, "checkpoint-200"), join(folder, "checkpoint-241")];
  const part = join(scene.path, "part.json");
  const commands = [
    ["check", folder],
    ["log", folder],
    ["clip", join(folder, "metrics.jsonl")],
    ["norms", checkpoint, "--engine", "onnxruntime", "--threads", "2"],
    ["norms", checkpoint, "--engine", "simd", "--full"],
    ["norms", checkpoint, "--shard", "1/1", "-o", part],
    ["merge", part],
    ["diff", earlier, checkpoint],
    ["completion", "bash"],
    ["--help"],
    ["--version"],
  ];
  const outcomes = commands.map((command) => {
    const { status, signal, stdout, stderr } = run([cli, ...command]);
    return [command[0], signal, status === 0 || status === 1 ? stdout.length > 0 || command.includes("-o") : stderr];
  });
  expect(outcomes).toEqual(commands.map(([name]) => [name, null, true]));
});

test(`the server for agents answers, and a watched run is shown${where}`, async () => {
  const cli = await buildProgram("cli");
  const folder = join(scene.path, "run");
  const [command, ...args] = [FILTERED[0] ?? "", ...FILTERED.slice(1), cli];
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StdioClientTransport({ command, args: [...args, "mcp", folder] }));
  const questions = [
    { name: "gradlens_list_runs", arguments: {} },
    ...["get_norms", "find_anomalies", "recommend_clipping"].map((name) => {
      return { name: `gradlens_${name}`, arguments: { run: folder } };
    }),
    { name: "gradlens_inspect_checkpoint", arguments: { path: join(folder, "checkpoint-241"), compute: true } },
  ];
  const answers: unknown[] = [];
  for (const question of questions) {
    answers.push((await client.callTool(question)).isError ?? false);
  }
  await client.close();
  expect(answers).toEqual(questions.map(() => false));

  const watching = spawn(command, [...args, "watch", folder], { stdio: ["ignore", "pipe", "inherit"] });
  await once(watching.stdout, "data");
  watching.kill("SIGINT");
  expect(await once(watching, "exit")).toEqual([130, null]);
});
