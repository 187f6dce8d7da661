import { openCalls, returnedCalls } from "#files/openCalls.ts";
import { ALIVE_MS } from "#protocol/worker.ts";
import type { NotBack } from "./stuck.ts";
import { threadLives } from "./threads/threadPool.ts";
import type { ThreadLife } from "./threads/threadPool.ts";

export interface Standstill extends NotBack {
  /** Whether a reduction thread is among what does not come back. Nothing can end such a thread but the end of the process. */
  readonly isInThread: boolean;
}

/**
 * A look at whether this process waits for a disk or a thread and nothing at all has come back for so long: for work that
 * cannot go on without what is missing. A slow disk that gives one thing after another is no standstill. To be called every
 * `ALIVE_MS`: time is counted in looks, so that a machine that slept, or a process that was stopped or busy, stands not still.
 */
export function createStandstillWatch(maxMs: number): () => Standstill | undefined {
  let before = steps();
  let sameMs = 0;
  return () => {
    const now = steps();
    const path = awaited();
    sameMs = now === before && path !== undefined ? sameMs + ALIVE_MS : 0;
    before = now;
    return path !== undefined && sameMs > maxMs
      ? { seconds: Math.floor(sameMs / 1000), path, isInThread: busyThreads().length > 0 }
      : undefined;
  };
}

/** A number that changes with whatever comes back. */
function steps(): number {
  return Array.from(threadLives(), ({ pulse }) => pulse.changes()).reduce((sum, one) => sum + one, returnedCalls());
}

/** The path that was asked about first and has no answer, or null for a thread that reads no file; undefined when all is back. */
function awaited(): string | null | undefined {
  const [call] = openCalls();
  const [thread] = busyThreads();
  return call?.path ?? (thread === undefined ? undefined : (thread.files[thread.pulse.file()]?.path ?? null));
}

function busyThreads(): readonly ThreadLife[] {
  return Array.from(threadLives()).filter(({ pulse }) => pulse.phase() !== "idle");
}
