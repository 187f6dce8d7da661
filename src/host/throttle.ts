import type { Disposable } from "#core/event.ts";

/** Disposing forgets what was asked for and not done yet. */
export interface Throttle extends Disposable {
  readonly soon: () => void;
}

/** Does a task some time after it was first asked for, once for all who asked meanwhile. */
export function createThrottle(task: () => void, waitMs: number | (() => number)): Throttle {
  let timer: NodeJS.Timeout | undefined;
  const act = (): void => {
    timer = undefined;
    task();
  };
  return {
    soon() {
      timer ??= setTimeout(act, typeof waitMs === "number" ? waitMs : waitMs());
    },
    dispose: () => clearTimeout(timer),
  };
}

const MIN_PAUSE_MS = 250;
// What takes long is done less often: a tenth of the host's time at most.
const PAUSE_PER_COST = 9;

/** The same for what may take long: then it waits the longer. */
export function createSparingThrottle(task: () => void): Throttle {
  let pauseMs = MIN_PAUSE_MS;
  const act = (): void => {
    const startMs = performance.now();
    task();
    pauseMs = Math.max(MIN_PAUSE_MS, PAUSE_PER_COST * (performance.now() - startMs));
  };
  return createThrottle(act, () => pauseMs);
}
