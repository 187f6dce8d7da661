/** Asks anew for what the host works out, at once for something else and now and then while the tab is open. */
export interface Refresher {
  /** `what` names what is asked about: the run and its norms. */
  readonly refresh: (what: string) => void;
  readonly stop: () => void;
}

/** Baselines move slowly, and other runs are only looked at beside the one that is watched. */
const INTERVAL_MS = 2000;

export function createRefresher(ask: () => void): Refresher {
  let asked = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    refresh(what) {
      if (what !== asked) {
        asked = what;
        clearTimeout(timer);
        timer = undefined;
        ask();
      } else {
        timer ??= setTimeout(() => {
          timer = undefined;
          ask();
        }, INTERVAL_MS);
      }
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      asked = "";
    },
  };
}
