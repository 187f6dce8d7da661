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
  readonly kind: keyof WorkerAnswers;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: NormsProgress) => void) | undefined;
}

export function createWorkerClient(start: () => ChildProcess, now: () => number = Date.now): WorkerClient {
  const pending = new Map<number, Pending>();
  const stopped = createAnnouncer<{ readonly reason: string }>();
  let child: ChildProcess | undefined;
  let crashes: number[] = [];
  let lastId = 0;

  function ensureStarted(): ChildProcess {
    if (child !== undefined) {
      return child;
    }
    crashes = crashes.filter((time) => now() - time < CRASH_WINDOW_MS);
    if (crashes.length >= MAX_CRASHES) {
      throw new Error(
        `The compute worker stopped ${crashes.length} times in five minutes. Run "Gradlens: Restart Compute Worker" to try again.`,
      );
    }
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
    crashes.push(now());
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
      options.signal?.throwIfAborted();
      const worker = ensureStarted();
      const id = (lastId += 1);
      const answer = new Promise<unknown>((resolve, reject) => {
        pending.set(id, { kind: request.kind, resolve, reject, onProgress: options.onProgress });
      });
      send(worker, { kind: "request", id, request });
      options.signal?.addEventListener("abort", () => send(worker, { kind: "cancel", id }), { once: true });
      return parseAnswer(request.kind, await answer);
    },
    restart() {
      crashes = [];
      stop();
    },
    processId: () => child?.pid,
    onDidStop: stopped.on,
    dispose: stop,
  };
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
