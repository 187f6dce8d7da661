import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { isAlive } from "./faultyWorker.ts";
import { createTally } from "./rounds.ts";

// The window is closed, or the extension host dies, while the worker computes.

let folder: TestFolder;
let script: string;
let big: string;
beforeAll(async () => {
  folder = await createTestFolder();
  script = await buildProgram("worker");
  big = join(folder.path, "big.safetensors");
  await writeSparseCheckpoint(big, 64);
});
afterAll(async () => folder.dispose());

interface Host {
  readonly process: ChildProcess;
  /** Of the worker, once it is computing. */
  readonly workerId: number;
}

/** `reports`: after how many words of progress; with 1 the worker has only just been started. */
async function startHost(threads: number, reports: number): Promise<Host> {
  const program = join(import.meta.dirname, "hostProgram.ts");
  const host = spawn(process.execPath, [program, script, big, String(threads)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let heard = 0;
  for await (const line of createInterface({ input: host.stdout })) {
    heard += 1;
    if (heard === reports) {
      return { process: host, workerId: Number(line) };
    }
  }
  throw new Error("The host ended too early.");
}

/** Milliseconds until a process is gone; Infinity when it is still there after two seconds. */
async function goneAfter(id: number): Promise<number> {
  const startMs = performance.now();
  while (isAlive(id)) {
    if (performance.now() - startMs > 2000) {
      return Infinity;
    }
    await setTimeout(10);
  }
  return performance.now() - startMs;
}

test.for([
  { when: "has just started its worker", threads: 1, reports: 1, signal: "SIGKILL" },
  { when: "hears the first progress of one thread", threads: 1, reports: 3, signal: "SIGKILL" },
  { when: "hears the progress of several threads", threads: 4, reports: 6, signal: "SIGKILL" },
  { when: "crashes while several threads compute", threads: 4, reports: 4, signal: "SIGSEGV" },
  { when: "lets go of its worker as VS Code closes a window", threads: 4, reports: 4, signal: "SIGUSR2" },
] as const)(
  "when a host that $when is ended by $signal, no worker is left after two seconds",
  async ({ threads, reports, signal }, context) => {
    const { time } = createTally(context);
    const { process: host, workerId } = await startHost(threads, reports);
    const exited = once(host, "exit");
    host.kill(signal);
    await exited;
    expect(await time(async () => goneAfter(workerId))).toBeLessThan(2000);
  },
);

test("a pipe in the place of a checkpoint is refused, keeps no thread waiting and no process alive", async (context) => {
  const { time } = createTally(context);
  const pipe = join(folder.path, "pipe.safetensors");
  spawnSync("mkfifo", [pipe]);
  const { openBlockingSource } = await import("#files/checkpoints/blockingSource.ts");
  const { openForReading } = await import("#files/readHandle.ts");
  await time(async () => {
    expect(() => openBlockingSource(pipe, "1:1")).toThrow(
      "pipe.safetensors was replaced by another file while it was read.",
    );
    await expect(openForReading(pipe)).rejects.toThrow("pipe.safetensors is not a file.");
  });
});
