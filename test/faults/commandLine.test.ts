import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { appendFile, copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runGradlens } from "../cli/program.ts";
import { buildProgram } from "../support/build.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import { PLANNED } from "./plan.ts";
import type { Fault, FaultPlan } from "./plan.ts";
import { createScene, findAsked } from "./requests.ts";
import type { Scene } from "./requests.ts";
import { createTally } from "./rounds.ts";

// A file ends or hangs every process that opens it, or the disk does not answer about it, and a command that goes on is asked
// about it.

// Beside much other work five seconds of the processor are a minute.
const PATIENCE_MS = 180_000;

let scene: Scene;
let programs: string;
beforeEach(async () => {
  scene = await createScene();
  programs = join(scene.path, "programs");
  const { client } = await createFaultyWorker(programs);
  client.dispose();
  const built = dirname(await buildProgram("cli"));
  for (const name of ["cli.cjs", "mcp.cjs"]) {
    await copyFile(join(built, name), join(programs, name));
  }
});
afterEach(async () => scene.dispose());

const ended = (reason: string): RegExp =>
  new RegExp(
    String.raw`^It could not be read: \`grads\.safetensors: The compute worker stopped twice while it read this \(${reason}\), so it is set aside and other files are read\. It is tried again when it changes, or after a new start of this program\.\`$`,
  );

/** Of the programs of this test. */
async function runningWorkers(): Promise<readonly string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map(async (id) => readFile(`/proc/${id}/cmdline`, "latin1").catch(() => "")));
  return lines.filter((line) => line.includes(programs));
}

async function nothingRuns(): Promise<void> {
  await vi.waitFor(async () => expect(await runningWorkers()).toEqual([]), { timeout: 2000 });
}

test.for([
  { fault: "hang", says: ended(String.raw`no sign of life for \d+ s`) },
  { fault: "SIGSEGV", says: ended("SIGSEGV") },
  {
    fault: "no answer",
    says: /^It could not be read: `.*grads\.safetensors: the disk has not answered for 30 s\. Try again when it does\.`$/,
  },
] as const)(
  "a question to gradlens mcp about a file that meets $fault fails with a sentence; others that are open with it are answered",
  { timeout: 2 * PATIENCE_MS },
  async ({ fault, says }, context) => {
    const { time } = createTally(context);
    const guilty = findAsked(scene, "norms").path;
    const healthy = findAsked(scene, "a comparison").path;
    await plan(fault, guilty);
    const agent = await connect(scene.path);
    const answers = await time(async () =>
      Promise.all([
        ask(agent, "inspect_checkpoint", { path: guilty }),
        ask(agent, "inspect_checkpoint", { path: healthy, compute: true }),
        ask(agent, "get_norms", { run: join(scene.path, "run") }),
      ]),
    );
    expect(answers).toEqual([
      { isError: true, text: expect.stringMatching(says) as string },
      { isError: false, text: expect.stringContaining("All 41 weight tensors: norm ") as string },
      { isError: false, text: expect.stringContaining("global norm `grad_norm`: ") as string },
    ]);
    await agent.close();
    await nothingRuns();
  },
);

test("gradlens watch on a log that ends every process fails with a sentence", async () => {
  const { path } = findAsked(scene, "a log");
  await plan("SIGSEGV", path);
  expect(await runGradlens(join(programs, "cli.cjs"), scene.path, ["watch", path])).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "gradlens: metrics.jsonl: The compute worker stopped twice while it read this (SIGSEGV), so it is set aside and other files are read. It is tried again when it changes, or after a new start of this program.\n",
  });
  await nothingRuns();
});

test("gradlens watch goes on when the process that reads the logs ends", async () => {
  const { path } = findAsked(scene, "a log");
  const child = spawn(process.execPath, [join(programs, "cli.cjs"), "watch", path, "--interval", "0.1"]);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const shows = async (text: RegExp): Promise<void> =>
    vi.waitFor(() => expect(output).toMatch(text), { timeout: 30_000, interval: 20 });
  await shows(/step 400 /);
  const { stdout } = spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" });
  process.kill(Number(stdout), "SIGKILL");
  await appendFile(path, '{"step":401,"grad_norm":1.25}\n');
  await shows(/step 401 {2}norm 1\.25/);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  await nothingRuns();
});

/** What each worker process meets from its start. */
async function plan(fault: Fault, path: string): Promise<void> {
  const planned: FaultPlan = { kind: "fault", fault, atCall: 0, isInThread: false, path, isLasting: true };
  await writeFile(join(programs, PLANNED), JSON.stringify(planned));
}

async function connect(root: string): Promise<Client> {
  const connected = new Client({ name: "test", version: "1" });
  const args = [join(programs, "cli.cjs"), "mcp", root];
  await connected.connect(new StdioClientTransport({ command: process.execPath, args, stderr: "ignore" }));
  return connected;
}

async function ask(agent: Client, name: string, input: Record<string, unknown>): Promise<unknown> {
  const { content, isError } = await agent.callTool(
    { name: `gradlens_${name}`, arguments: input },
    { timeout: PATIENCE_MS },
  );
  const [part] = content;
  return { isError: isError === true, text: part?.type === "text" ? part.text : undefined };
}
