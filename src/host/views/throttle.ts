import type { Disposable } from "#core/event.ts";

const MIN_PAUSE_MS = 250;
// What takes long is done less often: a tenth of the host's time at most.
const PAUSE_PER_COST = 9;

export interface Throttle extends Disposable {
  readonly soon: () => void;
}

/** Does a task some time after it was asked for, once for all who asked meanwhile. */
export function createThrottle(task: () => void): Throttle {
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = MIN_PAUSE_MS;
  return {
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        const startMs = performance.now();
        task();
        pauseMs = Math.max(MIN_PAUSE_MS, PAUSE_PER_COST * (performance.now() - startMs));
      }, pauseMs);
    },
    dispose: () => clearTimeout(timer),
  };
}
