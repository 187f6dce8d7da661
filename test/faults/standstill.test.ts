import { execFile } from "node:child_process";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { createFaultyWorker } from "./faultyWorker.ts";
import { PLANNED } from "./plan.ts";
import type { FaultPlan } from "./plan.ts";
import { createScene, findAsked } from "./requests.ts";
import type { Scene } from "./requests.ts";

// A command that reads once and ends meets a file whose opening never comes back: a thread of its process waits in the system.

let scene: Scene;
let programs: string;
let big: string;
beforeAll(async () => {
  scene = await createScene();
  programs = join(scene.path, "programs");
  const { client } = await createFaultyWorker(programs);
  client.dispose();
  await copyFile(join(dirname(await buildProgram("cli")), "cli.cjs"), join(programs, "cli.real.cjs"));
  await writeFile(join(programs, "cli.cjs"), `require("./injector.cjs");\nrequire("./cli.real.cjs");\n`);
  big = join(scene.path, "big.safetensors");
  await writeSparseCheckpoint(big);
});
afterAll(async () => scene.dispose());

interface Ending {
  readonly code: unknown;
  readonly signal: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function gradlens(...args: readonly string[]): Promise<Ending> {
  const env = { ...process.env, GRADLENS_DISK_SECONDS: "2" };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(programs, "cli.cjs"), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, signal: error?.signal ?? null, stdout, stderr });
    });
  });
}

async function plan(path: string, isInThread: boolean): Promise<void> {
  const planned: FaultPlan = { kind: "fault", fault: "a stuck thread", atCall: 0, isInThread, path, isLasting: true };
  await writeFile(join(programs, PLANNED), JSON.stringify(planned));
}

function ended(path: string): Ending {
  const stderr = `gradlens: ${path}: the disk has not answered for 2 s. Try again when it does, or set GRADLENS_DISK_SECONDS to wait longer.\n`;
  return { code: 2, signal: null, stdout: "", stderr };
}

test.each([
  { command: "check", about: "a log" },
  { command: "check", about: "norms" },
  { command: "log", about: "a compressed log" },
  { command: "clip", about: "a log" },
  { command: "norms", about: "norms" },
  { command: "merge", about: "norms" },
])("gradlens $command on $about that the disk does not answer about ends with its name", async ({ command, about }) => {
  const { path } = findAsked(scene, about);
  await plan(path, false);
  expect(await gradlens(command, path)).toEqual(ended(path));
});

test("gradlens diff names the one of two checkpoints that the disk does not answer about", async () => {
  const { path } = findAsked(scene, "a comparison");
  await plan(path, false);
  expect(await gradlens("diff", findAsked(scene, "norms").path, path)).toEqual(ended(path));
});

test("a file that a reduction thread waits for is named", async () => {
  await plan(big, true);
  // Node would wait for such a thread, so the system must end the process.
  const expected = { ...ended(big), code: null, signal: "SIGTERM" };
  expect(await gradlens("norms", big, "--engine", "simd", "--threads", "2")).toEqual(expected);
});

test("a time to wait that is none is refused", async () => {
  const env = { ...process.env, GRADLENS_DISK_SECONDS: "soon" };
  const { promise, resolve } = Promise.withResolvers<unknown>();
  execFile(process.execPath, [join(programs, "cli.real.cjs"), "check", big], { env }, (error, _, stderr) =>
    resolve([error?.code, stderr]),
  );
  expect(await promise).toEqual([
    2,
    'gradlens: GRADLENS_DISK_SECONDS soon: must be a number above 0. Run "gradlens check --help" for its options.\n',
  ]);
});
