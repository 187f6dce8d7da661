import type { ChildProcess } from "node:child_process";
import type { Disposable } from "#core/event.ts";
import { parseMessage } from "#protocol/parse.ts";
import { fromWorker } from "#protocol/worker.ts";
import type { FromWorker, Reply, ToWorker } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import { createCrashCount } from "./crashCount.ts";
import type { Crash } from "./crashCount.ts";

export interface WorkerState {
  readonly isRunning: boolean;
  /** Starts after a crash or a restart that was asked for; a start after idleness is none. */
  readonly restarts: number;
  readonly lastCrash: Crash | null;
}

/** The place of the one compute process: started by the first message, empty when it has ended. */
export interface WorkerSlot extends Disposable {
  /** Throws when it may not be started. */
  readonly send: (message: ToWorker) => void;
  readonly current: () => ChildProcess | undefined;
  /** Ends the process; it may be started again, however often it crashed. */
  readonly restart: () => void;
  /** Ends a process that has gone wrong; that counts as a crash. */
  readonly giveUp: (reason: string) => void;
  readonly state: () => WorkerState;
}

export interface SlotListeners {
  /** The process said something, whatever it was. */
  readonly onWord: () => void;
  readonly onReply: (reply: Reply) => void;
  /** The process has ended itself. What it has not answered, it has not read. */
  readonly onIdle: () => void;
  readonly onCrash: (reason: string) => void;
}

export function createWorkerSlot(start: () => ChildProcess, now: () => number, listeners: SlotListeners): WorkerSlot {
  const crashes = createCrashCount(now);
  let child: ChildProcess | undefined;
  let restarts = 0;
  let isRestart = false;
  let isDisposed = false;

  function ensureStarted(): ChildProcess {
    if (child !== undefined) {
      return child;
    }
    if (isDisposed) {
      throw new Error(t("Gradlens has been stopped. Reload the window to start it again."));
    }
    crashes.throwIfMany();
    const started = start();
    hear(started, { onSaid: (said) => onSaid(started, said), onEnd: (reason) => onEnd(started, reason) });
    restarts += isRestart ? 1 : 0;
    isRestart = false;
    child = started;
    return started;
  }

  function onSaid(from: ChildProcess, said: FromWorker | undefined): void {
    listeners.onWord();
    if (said !== undefined && said.kind !== "alive" && said.kind !== "idle") {
      listeners.onReply(said);
    } else if (said?.kind === "idle" && child === from) {
      child = undefined; // However it ends now, it is no crash.
      listeners.onIdle();
    }
  }

  function onEnd(gone: ChildProcess | undefined, reason: string): void {
    gone?.kill("SIGKILL"); // An error need not have ended it.
    if (gone !== undefined && child === gone) {
      child = undefined;
      isRestart = true;
      crashes.add(reason);
      listeners.onCrash(reason);
    }
  }

  /** At once, whatever it does: there is nothing that it would have to bring to an end. */
  function end(): void {
    isRestart ||= child !== undefined;
    child?.kill("SIGKILL");
    child = undefined;
  }

  return {
    send: (message) => send(ensureStarted(), message),
    current: () => child,
    restart() {
      crashes.forget();
      end();
    },
    giveUp: (reason) => onEnd(child, reason),
    state: () => ({ isRunning: child !== undefined, restarts, lastCrash: crashes.last() }),
    dispose() {
      isDisposed = true;
      end();
    },
  };
}

interface ProcessListeners {
  /** Undefined for what is not of the wire. */
  readonly onSaid: (said: FromWorker | undefined) => void;
  readonly onEnd: (reason: string) => void;
}

/** Hears a process to its end, and sees to it that one that says it is idle does end. */
function hear(worker: ChildProcess, { onSaid, onEnd }: ProcessListeners): void {
  worker.on("message", (message) => {
    const said = parseMessage(fromWorker, message);
    if (said?.kind === "idle") {
      setTimeout(() => worker.kill("SIGKILL"), LEAVE_MS).unref();
    }
    onSaid(said);
  });
  worker.on("error", (error) => onEnd(error.message));
  // Not `exit`, which may come before the last messages are read.
  worker.on("close", (code, signal) => onEnd(signal ?? t("exit code {0}", code ?? "–")));
}

// A process that is idle ends in milliseconds, unless one of its threads is stuck in a read.
const LEAVE_MS = 5000;

/** A message that cannot be sent means the process is going; what it says or its exit settles what is pending. */
function send(worker: ChildProcess, message: ToWorker): void {
  if (worker.connected) {
    worker.send(message, () => undefined);
  }
}
