/**
 * Which logs of a run have said nothing since another one was begun anew, at an earlier step than it had reached. They may be
 * of the training before, so what they hold is not what the run has come to.
 */
export interface StaleLogs {
  readonly has: (path: string) => boolean;
  /** A log was begun anew; `others` are those that are there. */
  readonly begin: (path: string, others: Iterable<string>) => void;
  /** A log has grown. Returns whether it was stale. */
  readonly grow: (path: string) => boolean;
}

export function createStaleLogs(): StaleLogs {
  const stale = new Set<string>();
  return {
    has: (path) => stale.has(path),
    begin(path, others) {
      for (const other of others) {
        stale.add(other);
      }
      stale.delete(path);
    },
    grow: (path) => stale.delete(path),
  };
}
