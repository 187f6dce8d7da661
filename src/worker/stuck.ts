import { openCalls } from "#files/openCalls.ts";
import type { OpenCall } from "#files/openCalls.ts";
import { ALIVE_MS } from "#protocol/worker.ts";
import type { Pulse } from "./threads/pulse.ts";
import { threadLives } from "./threads/threadPool.ts";

/** What did not come back in so many seconds: a call about a path, or a thread. */
export interface NotBack {
  readonly seconds: number;
  readonly path: string | null;
}

// A chunk is computed in some milliseconds.
const MAX_COMPUTING_MS = 5000;

/**
 * A look at this process's threads and its calls to the file system, for what does not come back; what was called before this
 * is left to others. To be called every `ALIVE_MS`: time is counted in looks, so that a machine that slept makes nobody stuck.
 */
export function createStuckWatch(maxDiskMs: number): () => NotBack | undefined {
  const threads = new WeakMap<Pulse, Seen>();
  const callsMs = new WeakMap<OpenCall, number>();
  for (const call of openCalls()) {
    callsMs.set(call, -Infinity);
  }
  return () => findThread(threads, maxDiskMs) ?? findCall(callsMs, maxDiskMs);
}

interface Seen {
  changes: number;
  sameMs: number;
}

function findThread(threads: WeakMap<Pulse, Seen>, maxDiskMs: number): NotBack | undefined {
  for (const { pulse } of threadLives()) {
    const seen = threads.get(pulse) ?? { changes: -1, sameMs: 0 };
    threads.set(pulse, seen);
    const changes = pulse.changes();
    seen.sameMs = seen.changes === changes && pulse.phase() !== "idle" ? seen.sameMs + ALIVE_MS : 0;
    seen.changes = changes;
    if (seen.sameMs > (pulse.phase() === "reading" ? maxDiskMs : MAX_COMPUTING_MS)) {
      return { seconds: Math.floor(seen.sameMs / 1000), path: null };
    }
  }
  return undefined;
}

function findCall(callsMs: WeakMap<OpenCall, number>, maxDiskMs: number): NotBack | undefined {
  for (const call of openCalls()) {
    const openMs = (callsMs.get(call) ?? 0) + ALIVE_MS;
    callsMs.set(call, openMs);
    if (openMs > maxDiskMs) {
      return { seconds: Math.floor(openMs / 1000), path: call.path };
    }
  }
  return undefined;
}
