import { createAnnouncer } from "#core/event.ts";
import type { Announcer } from "#core/event.ts";

/** Folders with the shares of checkpoints that a cluster has computed, until somebody shows them. */
export interface ClusterShares {
  readonly put: (checkpoint: string, folder: string) => void;
  /** Gives a folder once: what is asked for again is computed again. */
  readonly take: (checkpoint: string) => string | undefined;
  /** Gives the checkpoint's path. */
  readonly onDidPut: Announcer<string>["on"];
}

export function createClusterShares(): ClusterShares {
  const folders = new Map<string, string>();
  const { on, announce } = createAnnouncer<string>();
  return {
    put(checkpoint, folder) {
      folders.set(checkpoint, folder);
      announce(checkpoint);
    },
    take(checkpoint) {
      const folder = folders.get(checkpoint);
      folders.delete(checkpoint);
      return folder;
    },
    onDidPut: on,
  };
}
