/** Work on things by name, each of which may be late: whoever waits goes on, and what is late goes on by itself. */
export interface Patience {
  /**
   * What the work gives; undefined when nothing was heard of it for too long, or when it is still late. It says `heard`
   * whenever a part of it has come.
   */
  readonly wait: <T>(name: string, work: (heard: () => void) => Promise<T>) => Promise<T | undefined>;
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
      const timer = setTimeout(() => {
        late.add(name);
        onLate(name);
        resolve(undefined);
      }, limitMs);
      const done = work(() => void timer.refresh()).finally(() => {
        clearTimeout(timer);
        late.delete(name);
      });
      return Promise.race([done, promise]);
    },
  };
}
