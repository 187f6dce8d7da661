import type { Disposable } from "#core/event.ts";

// A quiet file is asked after less and less often.
const QUIET_POLLS = 10;
const MAX_BACK_OFF = 15;

/** Repeats a task: at an interval that stretches while nothing happens, and at once when nudged. */
export interface Poller extends Disposable {
  readonly nudge: () => void;
}

/** The task says whether it found something new. It never runs twice at the same time; a rejection is reported. */
export function createPoller(
  task: () => Promise<boolean>,
  options: { readonly intervalMs: () => number; readonly onError: (error: unknown) => void },
): Poller {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isNudged = false;
  let isDisposed = false;
  let quietPolls = 0;

  async function run(): Promise<void> {
    isRunning = true;
    isNudged = false;
    try {
      quietPolls = (await task()) ? 0 : quietPolls + 1;
    } catch (error) {
      quietPolls += 1;
      options.onError(error);
    }
    isRunning = false;
    schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    if (!isDisposed) {
      const stretch = Math.min(MAX_BACK_OFF, Math.max(1, quietPolls - QUIET_POLLS));
      timer = setTimeout(() => void run(), isNudged ? 0 : options.intervalMs() * stretch);
    }
  }

  void run(); // Errors are reported inside.
  return {
    nudge() {
      isNudged = true;
      quietPolls = 0;
      if (!isRunning) {
        schedule();
      }
    },
    dispose() {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}
