import { join } from "node:path";
import process from "node:process";
import { createWorkerClient } from "#client/workerClient.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { startWorkerProcess } from "#client/workerProcess.ts";

export interface WorkerTimes {
  /** After how many milliseconds without an answer of the disk a file is given up. */
  readonly diskMs: number;
}

/**
 * The compute process of a command that goes on: a file that hangs or ends it is set aside, and others are answered. What it
 * prints goes to stderr.
 */
export function createWorkerHere({ diskMs }: WorkerTimes): WorkerClient {
  return createWorkerClient(() => startWorkerProcess(SCRIPT, print, [String(IDLE_MS), String(diskMs)]), {
    restartName: () => "a new start of this program",
  });
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}

// Its memory goes back to the training.
const IDLE_MS = 60_000;

const SCRIPT =
  import.meta.dirname === undefined ? join(__dirname, "worker.cjs") : join(import.meta.dirname, "../worker/main.ts");
