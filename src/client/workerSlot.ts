import type { ChildProcess } from "node:child_process";
import type { Disposable } from "#core/event.ts";
import { parseMessage } from "#protocol/parse.ts";
import { fromWorker } from "#protocol/worker.ts";
import type { FromWorker, Reply, Stuck, ToWorker } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import type { Crash, CrashCount } from "./crashCount.ts";

export interface WorkerState {
  readonly isRunning: boolean;
  /** Starts after a crash or a restart that was asked for; a start after idleness is none. */
  readonly restarts: number;
  readonly lastCrash: Crash | null;
}

/** How a process stopped that should not have. */
export interface Stop {
  readonly reason: string;
  /** Before it said a word: what it was asked has nothing to do with it. */
  readonly isAtStart: boolean;
  /** What the disk did not answer about. */
  readonly unanswered: string | undefined;
}

/** The place of one compute process: started by the first message, empty when it has ended. */
export interface WorkerSlot extends Disposable {
  /** Throws when it may not be started. */
  readonly send: (message: ToWorker) => void;
  readonly current: () => ChildProcess | undefined;
  /** Ends the process, which is no crash. */
  readonly end: () => void;
  /** Ends a process that has gone wrong, which is one. */
  readonly giveUp: (reason: string, unanswered?: string) => void;
  /** Whether the process has started and said a word. */
  readonly hasSpoken: () => boolean;
  readonly state: () => WorkerState;
}

export interface SlotListeners {
  /** The process said something, whatever it was, and for how long it may say nothing now. */
  readonly onWord: (busyMs: number) => void;
  readonly onReply: (reply: Reply) => void;
  readonly onStuck: (stuck: Stuck) => void;
  /** The process has ended itself. What it has not answered, it has not read. */
  readonly onIdle: () => void;
  readonly onCrash: (stop: Stop) => void;
}

export function createWorkerSlot(start: () => ChildProcess, crashes: CrashCount, listeners: SlotListeners): WorkerSlot {
  let child: ChildProcess | undefined;
  let hasSpoken = false;
  let restarts = 0;
  let isRestart = false;
  let isDisposed = false;

  function startNext(): ChildProcess {
    if (isDisposed) {
      throw new Error(t("Gradlens has been stopped. Reload the window to start it again."));
    }
    crashes.throwIfMany();
    const started = start();
    hear(started, { onSaid: (said) => onSaid(started, said), onEnd: (reason) => onEnd(started, reason) });
    restarts += isRestart ? 1 : 0;
    isRestart = false;
    hasSpoken = false;
    child = started;
    return started;
  }

  function onSaid(from: ChildProcess, said: FromWorker | undefined): void {
    if (child !== from) {
      return; // It was given up, and what it was asked others are asked.
    }
    hasSpoken = true;
    listeners.onWord(said?.kind === "alive" ? (said.busyMs ?? 0) : 0);
    if (said?.kind === "idle") {
      child = undefined; // However it ends now, it is no crash.
      listeners.onIdle();
    } else {
      passOn(said, listeners);
    }
  }

  function onEnd(gone: ChildProcess | undefined, reason: string, unanswered?: string): void {
    gone?.kill("SIGKILL"); // An error need not have ended it.
    if (gone !== undefined && child === gone) {
      child = undefined;
      isRestart = true;
      crashes.note(reason);
      listeners.onCrash({ reason, isAtStart: !hasSpoken, unanswered });
    }
  }

  /** At once, whatever it does: there is nothing that it would have to bring to an end. */
  function end(): void {
    isRestart ||= child !== undefined;
    child?.kill("SIGKILL");
    child = undefined;
  }

  return {
    send: (message) => send(child ?? startNext(), message),
    current: () => child,
    end,
    giveUp: (reason, unanswered) => onEnd(child, reason, unanswered),
    hasSpoken: () => hasSpoken,
    state: () => ({ isRunning: child !== undefined, restarts, lastCrash: crashes.last() }),
    dispose() {
      isDisposed = true;
      end();
    },
  };
}

function passOn(said: FromWorker | undefined, { onStuck, onReply }: SlotListeners): void {
  if (said?.kind === "stuck") {
    onStuck(said);
  } else if (said !== undefined && said.kind !== "alive" && said.kind !== "idle") {
    onReply(said);
  }
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
