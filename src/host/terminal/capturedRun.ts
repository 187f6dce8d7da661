import type { LogBatch, LogPosition } from "#core/log.ts";
import type { RunStore } from "#store/runStore.ts";
import { createTerminalLines } from "./terminalLines.ts";

const FLUSH_MS = 500;
// As many characters as are looked at of a file to tell its format.
const HEAD_LENGTH = 262_144;

/** Lines to be parsed. While `head` is the whole output so far, its format may still turn out to be another one. */
export interface LinesRequest {
  readonly text: string;
  readonly head: string;
  readonly position: LogPosition | null;
}

export interface CaptureOptions {
  /** Names the run and its only log. */
  readonly id: string;
  readonly store: RunStore;
  /** Null while the lines are of no known log. */
  readonly parse: (request: LinesRequest) => Promise<LogBatch | null>;
  readonly onError: (error: unknown) => void;
}

export interface CapturedRun {
  readonly add: (data: string) => void;
  /** Nothing more comes. Settles when all of it is in the store. */
  readonly end: () => Promise<void>;
}

/** A run whose log is what a terminal shows. It comes into the store with the first line that is a log's; no text is kept. */
export function captureRun({ id, store, parse, onError }: CaptureOptions): CapturedRun {
  const lines = createTerminalLines();
  let waiting = "";
  let head: string | undefined = "";
  let position: LogPosition | null = null;
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  let isKnown = false;

  async function flush(): Promise<void> {
    const text = waiting;
    waiting = "";
    if (text === "" || (head === undefined && position === null)) {
      return;
    }
    head = head === undefined || head.length + text.length > HEAD_LENGTH ? undefined : head + text;
    const batch = await parse({ text, head: head ?? "", position });
    if (batch !== null) {
      position = batch.position;
      keep(batch);
    }
  }

  function keep(batch: LogBatch): void {
    const log = { path: id, format: batch.position.format };
    if (!isKnown || batch.restarted) {
      store.setFiles({ folder: id, logs: [log], checkpoints: [], modifiedMs: Date.now() });
      isKnown = true;
    }
    store.append(id, log, batch);
  }

  function flushInTurn(): Promise<void> {
    timer = undefined;
    work = work.then(flush).catch(onError);
    return work;
  }

  return {
    add(data) {
      waiting += lines.add(data);
      timer ??= setTimeout(() => void flushInTurn(), FLUSH_MS); // Errors are reported inside.
    },
    end() {
      clearTimeout(timer);
      waiting += lines.end();
      return flushInTurn();
    },
  };
}
