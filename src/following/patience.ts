/** Work on things by name, each of which may be late: whoever waits goes on, and what is late goes on by itself. */
export interface Patience {
  /** What the work gives; undefined when it takes too long, by a clock that it may stop, or when it is still late. */
  readonly wait: <T>(name: string, work: (clock: Clock) => Promise<T>) => Promise<T | undefined>;
}

/** Runs when work begins. */
export interface Clock {
  /** Begins anew. */
  readonly start: () => void;
  /** While the work waits for others. */
  readonly stop: () => void;
}

export interface PatienceOptions {
  readonly limitMs: number;
  /** Hears of what is late, once. */
  readonly onLate: (name: string) => void;
}

export function createPatience({ limitMs, onLate }: PatienceOptions): Patience {
  const late = new Set<string>();

  return {
    async wait(name, work) {
      if (late.has(name)) {
        return undefined;
      }
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const clock = createClock(limitMs, () => {
        late.add(name);
        onLate(name);
        resolve(undefined);
      });
      clock.start();
      const done = work(clock).finally(() => {
        clock.stop();
        late.delete(name);
      });
      return Promise.race([done, promise]);
    },
  };
}

function createClock(limitMs: number, onEnd: () => void): Clock {
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;
  const stop = (): void => clearTimeout(timer);
  const end = (): void => {
    hasEnded = true;
    onEnd();
  };
  return {
    start() {
      stop();
      timer = hasEnded ? undefined : setTimeout(end, limitMs);
    },
    stop,
  };
}
