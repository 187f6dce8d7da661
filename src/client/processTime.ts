// oxlint-disable-next-line no-restricted-imports -- /proc is the system's word about a process, no disk.
import { readFileSync } from "node:fs";
import process from "node:process";

/**
 * How long a process's first thread could have turned its event loop: while it computes, the processor time that it got,
 * which beside a training on all cores is a tenth of the time that passes; nothing while it waits for the disk; all of the
 * time while it sleeps or is stopped. Where the system does not tell this, a sixth of the time.
 */
export function createProcessTime(processId: () => number | undefined): (mostMs: number) => number {
  let known: { readonly id: number; readonly computedMs: number } | undefined;
  return (mostMs) => {
    const id = processId();
    const state = id === undefined ? undefined : readState(id);
    if (id === undefined || state === undefined) {
      return mostMs / UNTOLD;
    }
    const sinceMs = known?.id === id ? state.computedMs - known.computedMs : 0;
    known = { id, computedMs: state.computedMs };
    switch (state.letter) {
      case "R":
        return Math.min(mostMs, sinceMs);
      case "D":
        return 0;
      default:
        return mostMs;
    }
  };
}

const UNTOLD = 6;
// What Linux counts in for everyone who asks, whatever its own clock.
const TICK_MS = 10;

interface ThreadState {
  readonly letter: string;
  /** In its own code and in the system's. */
  readonly computedMs: number;
}

/** Of `proc(5)`: state is the third field, utime and stime the 14th and 15th; the second may hold anything. */
function readState(id: number): ThreadState | undefined {
  if (process.platform !== "linux") {
    return undefined;
  }
  try {
    const text = readFileSync(`/proc/${id}/task/${id}/stat`, "latin1");
    const [letter = "", ...others] = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { letter, computedMs: (Number(others[10]) + Number(others[11])) * TICK_MS };
  } catch {
    return undefined; // It has ended, which it tells by itself.
  }
}
