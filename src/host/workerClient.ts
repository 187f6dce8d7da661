import type { ChildProcess } from "node:child_process";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { WorkerAnswers, WorkerRequest } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import { Cancelled, failAll, parseAnswer, settle } from "./pendingRequests.ts";
import type { PendingRequests, RequestOptions } from "./pendingRequests.ts";
import { createSilenceWatch } from "./silence.ts";
import { createWorkerSlot } from "./workerSlot.ts";
import type { WorkerSlot, WorkerState } from "./workerSlot.ts";

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
  readonly state: () => WorkerState;
  /** It crashed; a process that ends itself because it is idle does not announce it. */
  readonly onDidStop: Announcer<{ readonly reason: string }>["on"];
}

export interface ClientOptions {
  readonly now?: () => number;
  /** How long the process may say nothing while it has a request. */
  readonly silenceMs?: number;
}

export function createWorkerClient(
  start: () => ChildProcess,
  { now = Date.now, silenceMs = MAX_SILENCE_MS }: ClientOptions = {},
): WorkerClient {
  const pending: PendingRequests = new Map();
  const stopped = createAnnouncer<{ readonly reason: string }>();
  let lastId = 0;
  const silence = createSilenceWatch({
    silenceMs,
    isExpected: () => pending.size > 0,
    onSilent: () => slot.giveUp(t("no sign of life for {0} s", silenceMs / 1000)),
  });
  const slot = createWorkerSlot(start, now, {
    onWord: silence.heard,
    onReply: (reply) => settle(pending, reply),
    onIdle: () => sendAgain(slot, pending),
    onCrash(reason) {
      failAll(pending, t("The compute worker stopped ({0}). Nothing is lost; try again.", reason));
      stopped.announce({ reason });
    },
  });

  async function ask(request: WorkerRequest, options: RequestOptions): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = (): void => callOff(slot, id, reject);
    slot.send({ kind: "request", id, request });
    pending.set(id, { ...options, request, resolve, reject });
    silence.expect();
    options.signal?.addEventListener("abort", cancel);
    try {
      return await promise;
    } finally {
      options.signal?.removeEventListener("abort", cancel);
    }
  }

  return {
    async request(request, options = {}) {
      if (options.signal?.aborted === true) {
        throw new Cancelled(t("Cancelled."));
      }
      return parseAnswer(request.kind, await ask(request, options));
    },
    restart() {
      slot.restart();
      failAll(pending, t("The compute worker was restarted. Try again."));
    },
    processId: () => slot.current()?.pid,
    state: slot.state,
    onDidStop: stopped.on,
    dispose() {
      silence.dispose();
      slot.dispose();
      failAll(pending, t("The compute worker was restarted. Try again."));
    },
  };
}

// The largest header there may be keeps the process silent for seconds, and beside a training that takes all cores for many.
const MAX_SILENCE_MS = 120_000;
const CANCEL_MS = 250;

/** Whoever calls a request off does not wait for a process that is busy; the request itself is pending until its reply. */
function callOff(slot: WorkerSlot, id: number, reject: (error: Error) => void): void {
  if (slot.current() !== undefined) {
    slot.send({ kind: "cancel", id });
  }
  setTimeout(() => reject(new Cancelled("Cancelled.")), CANCEL_MS).unref();
}

/** Sends to the next process what the last one was sent in the moment in which it ended itself. */
function sendAgain(slot: WorkerSlot, pending: PendingRequests): void {
  try {
    for (const [id, { request, signal }] of pending) {
      slot.send({ kind: "request", id, request });
      if (signal?.aborted === true) {
        slot.send({ kind: "cancel", id });
      }
    }
  } catch (error) {
    failAll(pending, t("The compute worker could not be started again: {0}", String(error)));
  }
}
