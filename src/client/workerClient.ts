import type { ChildProcess } from "node:child_process";
import { createAnnouncer } from "#core/event.ts";
import type { Announcer, Disposable } from "#core/event.ts";
import type { WorkerRequest } from "#protocol/worker.ts";
import type { WorkerAnswers } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";
import { createAsking } from "./asking.ts";
import { createCrashCount } from "./crashCount.ts";
import { createDelivery } from "./delivery.ts";
import { createIncidents } from "./incidents.ts";
import { Cancelled } from "./cancelled.ts";
import { parseAnswer } from "./pendingRequests.ts";
import type { RequestOptions } from "./pendingRequests.ts";
import { createSetAside } from "./setAside.ts";
import type { Suspect } from "./trials.ts";
import { createWorkerLine } from "./workerLine.ts";
import type { Patience } from "./workerLine.ts";
import type { Stop, WorkerState } from "./workerSlot.ts";

/**
 * Asks the compute process. Every request settles, also when the process dies: those that were open are asked again, each
 * alone, and a file that ends the process twice is set aside. The next request starts the process again.
 */
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

export interface ClientOptions extends Partial<Patience> {
  readonly now?: () => number;
  /** What makes it forget all crashes, as people call it; the editor's command when it is missing. */
  readonly restartName?: () => string;
}

export function createWorkerClient(start: () => ChildProcess, options: ClientOptions = {}): WorkerClient {
  const { now = Date.now, hangMs = MAX_HANG_MS, silenceMs = MAX_SILENCE_MS, restartName = nameCommand } = options;
  const stopped = createAnnouncer<{ readonly reason: string }>();
  const crashes = createCrashCount(now, restartName);
  const incidents = createIncidents(crashes);
  const setAside = createSetAside(now, restartName);
  const tellStop = ({ reason }: Stop): void => stopped.announce({ reason });
  const patience = { hangMs, silenceMs, crashes };
  const main = createWorkerLine(start, {
    ...patience,
    onStop(stop, requests) {
      incidents.add(stop, requests);
      tellStop(stop);
    },
  });
  const alone = createWorkerLine(start, {
    ...patience,
    onStop(stop) {
      if (stop.isAtStart) {
        crashes.count();
      }
      tellStop(stop);
    },
  });
  const { ask, trials } = createAsking({ main, alone, setAside, incidents });

  return {
    async request(request, asked = {}) {
      if (asked.signal?.aborted === true) {
        throw new Cancelled(t("Cancelled."));
      }
      const answer = await unlessCalledOff(ask(suspectOf(request, asked)), asked.signal);
      return parseAnswer(request.kind, answer);
    },
    restart() {
      crashes.forget();
      setAside.forget();
      main.end();
      trials.end();
    },
    processId: main.processId,
    state: main.state,
    onDidStop: stopped.on,
    dispose() {
      main.dispose();
      trials.end();
      alone.dispose();
    },
  };
}

// Many times the longest stretch without a turn of the event loop over all readers (docs/reliability.md).
const MAX_HANG_MS = 5000;
// A dead network file system answers after a minute or two, or never.
const MAX_SILENCE_MS = 120_000;
const CANCEL_MS = 250;

function nameCommand(): string {
  return t('"Gradlens: Restart Compute Worker"');
}

function suspectOf(request: WorkerRequest, options: RequestOptions): Suspect {
  if (options.onProgress === undefined) {
    return { request, options, onAgain: () => undefined };
  }
  const { onProgress, restart } = createDelivery(options.onProgress);
  return { request, options: { ...options, onProgress }, onAgain: restart };
}

/** Whoever calls a request off does not wait for a process that is busy. */
async function unlessCalledOff<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => void setTimeout(() => reject(new Cancelled(t("Cancelled."))), CANCEL_MS).unref();
  signal?.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}
