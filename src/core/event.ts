export interface Disposable {
  readonly dispose: () => void;
}

/** Announces facts to listeners, without VS Code. */
export interface Announcer<T> {
  readonly on: (listener: (fact: T) => void) => Disposable;
  readonly announce: (fact: T) => void;
}

export function createAnnouncer<T>(): Announcer<T> {
  const listeners = new Set<(fact: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    announce(fact) {
      for (const listener of listeners) {
        listener(fact);
      }
    },
  };
}
