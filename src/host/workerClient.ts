import type { ChildProcess } from "node:child_process";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import { describeMismatch, parseMessage } from "#protocol/parse.ts";
import { fromWorker, normsProgress, workerAnswers } from "#protocol/worker.ts";
import type { FromWorker, NormsProgress, ToWorker, WorkerAnswers, WorkerRequest } from "#protocol/worker.ts";

// More crashes than this in five minutes are no accident; starting again would only heat the machine.
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 5 * 60_000;

export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NormsProgress) => void;
}

/** Asks the compute process. Every request settles, also when the process dies; the next one starts it again. */
export interface WorkerClient extends Disposable {
  /** Rejects with an Error whose message is for people, or with `Cancelled`. */
  readonly request: <K extends keyof WorkerAnswers>(
    request: Extract<WorkerRequest, { kind: K }>,
    options?: RequestOptions,
  ) => Promise<WorkerAnswers[K]>;
  /** Ends the process; the next request starts a new one. */
  readonly restart: () => void;
  /** Undefined while no process runs. */
  readonly processId: () => number | undefined;
  readonly onDidStop: Announcer<{ readonly reason: string }>["on"];
}

export class Cancelled extends Error {}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: NormsProgress) => void) | undefined;
}

export function createWorkerClient(start: () => ChildProcess, now: () => number = Date.now): WorkerClient {
  const pending = new Map<number, Pending>();
  const stopped = createAnnouncer<{ readonly reason: string }>();
  let child: ChildProcess | undefined;
  const crashes = createCrashCount(now);
  let lastId = 0;
  let isDisposed = false;

  function ensureStarted(): ChildProcess {
    if (child !== undefined) {
      return child;
    }
    if (isDisposed) {
      throw new Error("Gradlens has been stopped. Reload the window to start it again.");
    }
    crashes.throwIfMany();
    const started = start();
    started.on("message", (message) => settle(pending, message));
    started.on("error", (error) => forget(started, error.message));
    started.on("exit", (code, signal) => forget(started, signal ?? `exit code ${code}`));
    child = started;
    return started;
  }

  function forget(gone: ChildProcess, reason: string): void {
    if (child !== gone) {
      return;
    }
    child = undefined;
    crashes.add();
    failAll(pending, `The compute worker stopped (${reason}). Nothing is lost; try again.`);
    stopped.announce({ reason });
  }

  function stop(): void {
    const running = child;
    child = undefined;
    running?.kill();
    failAll(pending, "The compute worker was restarted. Try again.");
  }

  return {
    async request(request, options = {}) {
      if (options.signal?.aborted === true) {
        throw new Cancelled("Cancelled.");
      }
      const worker = ensureStarted();
      lastId += 1;
      return parseAnswer(request.kind, await ask(worker, request, { ...options, id: lastId, pending }));
    },
    restart() {
      crashes.forget();
      stop();
    },
    processId: () => child?.pid,
    onDidStop: stopped.on,
    dispose() {
      isDisposed = true;
      stop();
    },
  };
}

function createCrashCount(now: () => number): {
  readonly add: () => void;
  readonly forget: () => void;
  readonly throwIfMany: () => void;
} {
  let times: number[] = [];
  return {
    add: () => void times.push(now()),
    forget() {
      times = [];
    },
    throwIfMany() {
      times = times.filter((time) => now() - time < CRASH_WINDOW_MS);
      if (times.length >= MAX_CRASHES) {
        throw new Error(
          `The compute worker stopped ${times.length} times in five minutes. Run "Gradlens: Restart Compute Worker" to try again.`,
        );
      }
    },
  };
}

async function ask(
  worker: ChildProcess,
  request: WorkerRequest,
  { id, pending, signal, onProgress }: RequestOptions & { readonly id: number; readonly pending: Map<number, Pending> },
): Promise<unknown> {
  const cancel = (): void => send(worker, { kind: "cancel", id });
  signal?.addEventListener("abort", cancel);
  try {
    return await new Promise<unknown>((resolve, reject) => {
      pending.set(id, { resolve, reject, onProgress });
      send(worker, { kind: "request", id, request });
    });
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** A message that cannot be sent means the process is going; its exit event rejects what is pending. */
function send(worker: ChildProcess, message: ToWorker): void {
  if (worker.connected) {
    worker.send(message, () => undefined);
  }
}

function parseAnswer<K extends keyof WorkerAnswers>(kind: K, answer: unknown): WorkerAnswers[K] {
  const schema = workerAnswers[kind];
  const parsed = parseMessage(schema, answer);
  if (parsed === undefined) {
    throw new Error(
      `The compute worker sent an answer to ${kind} that cannot be read: ${describeMismatch(schema, answer)}`,
    );
  }
  return parsed;
}

function settle(pending: Map<number, Pending>, message: unknown): void {
  const reply: FromWorker | undefined = parseMessage(fromWorker, message);
  const waiting = reply === undefined ? undefined : pending.get(reply.id);
  if (reply === undefined || waiting === undefined) {
    return;
  }
  if (reply.kind === "progress") {
    const progress = parseMessage(normsProgress, reply.progress);
    if (progress !== undefined) {
      waiting.onProgress?.(progress);
    }
    return;
  }
  pending.delete(reply.id);
  switch (reply.kind) {
    case "answer":
      return waiting.resolve(reply.answer);
    case "failure":
      return waiting.reject(new Error(reply.message));
    case "cancelled":
      return waiting.reject(new Cancelled("Cancelled."));
  }
}

function failAll(pending: Map<number, Pending>, message: string): void {
  for (const { reject } of pending.values()) {
    reject(new Error(message));
  }
  pending.clear();
}
