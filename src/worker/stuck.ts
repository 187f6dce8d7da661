import process from "node:process";
import { openCalls } from "#files/openCalls.ts";
import type { OpenCall } from "#files/openCalls.ts";
import { ALIVE_MS } from "#protocol/worker.ts";
import type { Pulse } from "./pulse.ts";
import { pulses } from "./threadPool.ts";

/** What did not come back in so many seconds: a call about a path, or a thread. */
export interface NotBack {
  readonly seconds: number;
  readonly path: string | null;
}

// A chunk is computed in some milliseconds.
const MAX_COMPUTING_MS = 5000;
// A network file system tries for a minute or two. Tests give a shorter time.
const MAX_DISK_MS = Number(process.argv[3] ?? 120_000);

interface Seen {
  changes: number;
  sameMs: number;
}

const threads = new WeakMap<Pulse, Seen>();
const callsMs = new WeakMap<OpenCall, number>();

/** To be called every `ALIVE_MS`: time is counted in looks, so that a machine that slept makes nobody stuck. */
export function lookForStuck(): NotBack | undefined {
  for (const pulse of pulses()) {
    const sameMs = sameFor(pulse);
    const mostMs = pulse.phase() === "reading" ? MAX_DISK_MS : MAX_COMPUTING_MS;
    if (pulse.phase() !== "idle" && sameMs > mostMs) {
      return { seconds: Math.floor(sameMs / 1000), path: null };
    }
  }
  for (const call of openCalls()) {
    const openMs = (callsMs.get(call) ?? 0) + ALIVE_MS;
    callsMs.set(call, openMs);
    if (openMs > MAX_DISK_MS) {
      return { seconds: Math.floor(openMs / 1000), path: call.path };
    }
  }
  return undefined;
}

function sameFor(pulse: Pulse): number {
  const seen = threads.get(pulse) ?? { changes: -1, sameMs: 0 };
  threads.set(pulse, seen);
  const changes = pulse.changes();
  seen.sameMs = seen.changes === changes ? seen.sameMs + ALIVE_MS : 0;
  seen.changes = changes;
  return seen.sameMs;
}
