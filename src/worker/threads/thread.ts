import { parentPort, workerData } from "node:worker_threads";
import { setLanguage } from "#l10n/language.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createPairReducer } from "#reduction/pairs/pairReducer.ts";
import type { PairReducer } from "#reduction/pairs/pairReducer.ts";
import { t } from "@vscode/l10n";
import { describeError } from "../errors.ts";
import { isPairTask } from "../pairs/pairTask.ts";
import type { PairTask } from "../pairs/pairTask.ts";
import { sumPairBatches } from "../pairs/sumPairBatches.ts";
import { createPulse } from "./pulse.ts";
import { createThreadEngine } from "./threadEngine.ts";
import { reduceBatches } from "./reduceBatches.ts";
import { createThreadFiles } from "./threadFiles.ts";
import type { ThreadFiles } from "./threadFiles.ts";
import { END, isThreadStart, isThreadTask, sayStarted } from "./threadTask.ts";
import type { SharedFile, ThreadReport, ThreadTask } from "./threadTask.ts";

// A thread that reduces batches of one task after another. Between tasks it keeps its engines and nothing else.

const start = isThreadStart(workerData) ? workerData : undefined;
if (start !== undefined) {
  setLanguage(start.language.texts, start.language.name);
}

const pulse = createPulse(start?.pulse);
const engines = new Map<ThreadTask["engine"], Promise<ReductionEngine>>();
let creatingPairs: Promise<PairReducer> | undefined;

parentPort?.on("message", (task: unknown) => void (task === END ? end() : run(task))); // They never reject.

async function end(): Promise<void> {
  await Promise.allSettled(Array.from(engines.values(), async (creating) => (await creating).dispose()));
  parentPort?.close();
}

async function run(task: unknown): Promise<void> {
  let report: ThreadReport = { kind: "finished" };
  pulse.enter("reading"); // An engine is read from a disk.
  try {
    await work(task);
  } catch (error) {
    report = { kind: "failed", reason: describeError(error) };
  }
  pulse.enter("idle");
  parentPort?.postMessage(report);
}

async function work(task: unknown): Promise<void> {
  if (isPairTask(task)) {
    await workOnPairs(task);
  } else if (isThreadTask(task)) {
    await workOnTensors(task);
  } else {
    throw new Error(t("A reduction thread was given something that is no task."));
  }
}

async function workOnTensors(task: ThreadTask): Promise<void> {
  const creating = engines.get(task.engine) ?? createThreadEngine(task.engine);
  engines.set(task.engine, creating);
  const engine = await creating;
  const { readInto, close } = openFiles(task.files);
  sayStarted(task);
  try {
    await reduceBatches(task, { engine, readInto, readsAhead: false, isNeeded: () => true });
  } finally {
    close();
  }
}

async function workOnPairs(task: PairTask): Promise<void> {
  creatingPairs ??= createPairReducer();
  const reducer = await creatingPairs;
  const { readInto, close } = openFiles(task.files);
  sayStarted(task);
  try {
    await sumPairBatches(task, { reducer, readInto, readsAhead: false, isNeeded: () => true });
  } finally {
    close();
  }
}

/** Whatever is between two reads is computing. */
function openFiles(files: readonly SharedFile[]): ThreadFiles {
  const { readInto, close } = createThreadFiles(files);
  pulse.enter("computing");
  return {
    readInto(file, target, offset) {
      pulse.enter("reading", file);
      readInto(file, target, offset);
      pulse.enter("computing");
    },
    close,
  };
}
