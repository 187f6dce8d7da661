import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { currentLanguage } from "#l10n/language.ts";
import { createPulse } from "./pulse.ts";
import type { Pulse } from "./pulse.ts";
import { END } from "./threadTask.ts";
import type { FileBatches, SharedFile, ThreadStart } from "./threadTask.ts";

/**
 * Reduction threads between two computations. Starting one takes as long as reducing 200 MB, so those that are done wait
 * for the next task; they hold their staging memory, no file and no result, and end when none has come for a while.
 */
const waiting: Worker[] = [];

/** What others see of a thread, and the files of the task that it has or had last. */
export interface ThreadLife {
  readonly pulse: Pulse;
  files: readonly SharedFile[];
}

/** All threads that have not ended. */
const lives = new Map<Worker, ThreadLife>();
let ending: NodeJS.Timeout | undefined;

// Long enough for the next checkpoint of a list, short enough to give back memory while somebody trains.
const WAIT_MS = 15_000;

// Bundled there is no import.meta, and the thread's program lies beside the bundle.
const PROGRAM =
  import.meta.dirname === undefined ? join(__dirname, "thread.cjs") : join(import.meta.dirname, "thread.ts");

/** Threads that could start at once. */
export function waitingThreads(): number {
  return waiting.length;
}

export function threadLives(): Iterable<Readonly<ThreadLife>> {
  return lives.values();
}

/** A thread that waits for a task; a new one when none does. */
export function takeThread(): Worker {
  const thread = waiting.pop() ?? startThread();
  thread.ref();
  return thread;
}

function startThread(): Worker {
  const pulse = createPulse();
  const start: ThreadStart = { language: currentLanguage(), pulse: pulse.shared };
  const thread = new Worker(PROGRAM, { workerData: start });
  lives.set(thread, { pulse, files: [] });
  thread.on("error", () => forget(thread)).on("exit", () => forget(thread)); // Whoever runs a task on it hears of it too.
  return thread;
}

function forget(thread: Worker): void {
  lives.delete(thread);
  const place = waiting.indexOf(thread);
  if (place >= 0) {
    waiting.splice(place, 1);
  }
}

/** Gives a thread something to do. */
export function giveTask(thread: Worker, task: FileBatches): void {
  const life = lives.get(thread);
  if (life !== undefined) {
    life.files = task.files;
  }
  thread.postMessage(task);
}

/** Keeps a thread that has finished its task. It does not keep the process alive. */
export function keepThread(thread: Worker): void {
  thread.unref();
  waiting.push(thread);
  clearTimeout(ending);
  ending = setTimeout(endThreads, WAIT_MS).unref();
}

/** Those that wait let go of their engines and end. */
export function endThreads(): void {
  waiting.splice(0).forEach(endThread);
}

/** Lets a thread that has no task go of its engines and end. */
export function endThread(thread: Worker): void {
  thread.unref();
  thread.postMessage(END);
}
