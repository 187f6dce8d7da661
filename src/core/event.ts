export interface Disposable {
  readonly dispose: () => void;
}

/** Announces facts to listeners, without VS Code. All hear it, also when one throws; then the first error is thrown. */
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
      const errors: unknown[] = [];
      for (const listener of listeners) {
        try {
          listener(fact);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) {
        throw errors[0];
      }
    },
  };
}
