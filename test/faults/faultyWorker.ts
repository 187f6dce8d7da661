import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";
import { buildProgram } from "../support/build.ts";
import { FIRED } from "./plan.ts";
import type { FaultPlan } from "./plan.ts";

/** The real worker's programs, in a folder where a test may damage them, with an injector of faults in front. */
export interface FaultyWorker {
  readonly folder: string;
  readonly client: WorkerClient;
  /** Makes the running process, or the next one, meet a fault. */
  readonly plan: (plan: Omit<FaultPlan, "kind">) => void;
  /** Takes the plan back; whether the fault has come. */
  readonly takeFired: () => boolean;
  /** All processes that were started. */
  readonly processIds: () => readonly number[];
  /** What they printed. */
  readonly output: () => string;
}

const ROOT = join(import.meta.dirname, "../..");

export interface FaultyOptions {
  /** As the client's. */
  readonly hangMs?: number;
  /** After how long the worker says that the disk does not answer. */
  readonly diskMs?: number;
  /** Little enough for a process to run out of it soon. */
  readonly heapMiB?: number;
}

/** Five minutes pass between any two crashes, so that none is one too many. */
export async function createFaultyWorker(folder: string, options: FaultyOptions = {}): Promise<FaultyWorker> {
  const { hangMs, diskMs = 120_000, heapMiB } = options;
  const script = await writePrograms(folder);
  let waiting: FaultPlan | undefined;
  let lasting: FaultPlan | undefined;
  let nowMs = 0;
  const children = new Map<number | undefined, ChildProcess>();
  const ids: number[] = [];
  const output: string[] = [];
  const current = (): ChildProcess | undefined => children.get(client.processId());
  const client = createWorkerClient(
    () => {
      const child =
        heapMiB === undefined
          ? startWorkerProcess(script, (text) => output.push(text), ["60000", String(diskMs)])
          : fork(script, { serialization: "advanced", silent: true, execArgv: [`--max-old-space-size=${heapMiB}`] });
      children.set(child.pid, child);
      ids.push(child.pid ?? 0);
      const plan = waiting ?? lasting;
      if (plan !== undefined) {
        child.send(plan);
        waiting = undefined;
      }
      return child;
    },
    { now: () => (nowMs += 600_000), ...(hangMs === undefined ? {} : { hangMs }) },
  );
  return {
    folder,
    client,
    plan(plan) {
      rmSync(join(folder, FIRED), { force: true });
      const message: FaultPlan = { kind: "fault", ...plan };
      lasting = plan.isLasting === true ? message : undefined;
      if (current() === undefined) {
        waiting = message;
      } else {
        current()?.send(message);
      }
    },
    takeFired() {
      const hasFired = existsSync(join(folder, FIRED));
      [waiting, lasting] = [undefined, undefined];
      current()?.send({ kind: "fault", fault: "EIO", atCall: 1e9, isInThread: false, path: "" } satisfies FaultPlan);
      rmSync(join(folder, FIRED), { force: true });
      return hasFired;
    },
    processIds: () => ids,
    output: () => output.join("\n"),
  };
}

/** Programs as they are shipped, and where the worker looks for each: the injector, then the real one. */
async function writePrograms(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const built = await buildProgram("worker");
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  await build({
    entryPoints: [join(import.meta.dirname, "injector.ts")],
    outfile: join(folder, "injector.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  for (const name of ["worker", "thread"]) {
    await copyFile(join(dirname(built), `${name}.cjs`), join(folder, `${name}.real.cjs`));
    await writeFile(join(folder, `${name}.cjs`), `require("./injector.cjs");\nrequire("./${name}.real.cjs");\n`);
  }
  return join(folder, "worker.cjs");
}

/**
 * Whether a process is there; one that has ended and waits for its parent to take note is not. Linux answers for a thread as well,
 * whose number may have been that of a process before.
 */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return process.platform !== "linux" || isProcess(id, readFileSync(`/proc/${id}/status`, "utf8"));
  } catch {
    return false;
  }
}

function isProcess(id: number, status: string): boolean {
  return !/^State:\s+Z/m.test(status) && new RegExp(`^Tgid:\\s+${id}$`, "m").test(status);
}
