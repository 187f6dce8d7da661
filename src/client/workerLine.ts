import type { ChildProcess } from "node:child_process";
import type { Disposable } from "#core/event.ts";
import type { Stuck, WorkerRequest } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import type { CrashCount } from "./crashCount.ts";
import { failAll, settle } from "./pendingRequests.ts";
import type { PendingRequests, RequestOptions } from "./pendingRequests.ts";
import { createProcessTime } from "./processTime.ts";
import { createSilenceWatch } from "./silence.ts";
import { createWorkerSlot } from "./workerSlot.ts";
import type { Stop, WorkerSlot, WorkerState } from "./workerSlot.ts";

/** One compute process and what it was asked: every request settles, also when the process dies. */
export interface WorkerLine extends Disposable {
  /** Rejects with `WorkerStopped` when the process ends under it. */
  readonly ask: (request: WorkerRequest, options: RequestOptions) => Promise<unknown>;
  /** Ends the process; the next request starts a new one. */
  readonly end: () => void;
  readonly processId: () => number | undefined;
  readonly state: () => WorkerState;
}

export class WorkerStopped extends Error {
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(t("The compute worker stopped ({0}). Nothing is lost; try again.", stop.reason));
    this.stop = stop;
  }
}

export interface Patience {
  /** How long the process may say nothing although it could. */
  readonly hangMs: number;
  /** How long it may say nothing at all. */
  readonly silenceMs: number;
}

export interface LineOptions extends Patience {
  readonly crashes: CrashCount;
  /** Hears of a crash, and how many requests reject because of it, before they do. */
  readonly onStop: (stop: Stop, requests: number) => void;
}

export function createWorkerLine(start: () => ChildProcess, options: LineOptions): WorkerLine {
  const { crashes, onStop, ...patience } = options;
  const pending: PendingRequests = new Map();
  let lastId = 0;
  const slot = createWorkerSlot(start, crashes, {
    onWord: (busyMs) => silence.heard(busyMs),
    onReply(reply) {
      settle(pending, reply);
      if (reply.kind !== "progress") {
        silence.forgetBusy();
      }
    },
    onStuck: (stuck) => slot.giveUp(describeStuck(stuck), stuck.path ?? undefined),
    onIdle: () => sendAgain(slot, pending),
    onCrash(stop) {
      onStop(stop, pending.size);
      failAll(pending, new WorkerStopped(stop));
    },
  });
  const processId = (): number | undefined => slot.current()?.pid;
  const answeringMs = createProcessTime(processId);
  const silence = createSilenceWatch({
    ...patience,
    isExpected: () => pending.size > 0,
    couldSpeakMs: (mostMs) => (slot.hasSpoken() ? answeringMs(mostMs) : 0), // It is read from a disk, perhaps a slow one.
    onSilent: (seconds) => slot.giveUp(t("no sign of life for {0} s", Math.floor(seconds))),
  });

  return {
    async ask(request, asked) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const cancel = (): void => callOff(slot, id);
      slot.send({ kind: "request", id, request });
      pending.set(id, { ...asked, request, resolve, reject });
      silence.expect();
      asked.signal?.addEventListener("abort", cancel);
      try {
        return await promise;
      } finally {
        asked.signal?.removeEventListener("abort", cancel);
      }
    },
    end() {
      slot.end();
      failAll(pending, restarted());
    },
    processId,
    state: slot.state,
    dispose() {
      silence.dispose();
      slot.dispose();
      failAll(pending, restarted());
    },
  };
}

/** What requests reject with that were open when people, or a disposal, ended the process. */
export function restarted(): Error {
  return new Error(t("The compute worker was restarted. Try again."));
}

function describeStuck({ seconds, path }: Stuck): string {
  return path === null
    ? t("no sign of life of a thread for {0} s", seconds)
    : t("the disk has not answered for {0} s", seconds);
}

function callOff(slot: WorkerSlot, id: number): void {
  if (slot.current() !== undefined) {
    slot.send({ kind: "cancel", id });
  }
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
    failAll(pending, new Error(t("The compute worker could not be started again: {0}", String(error))));
  }
}
