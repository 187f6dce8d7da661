import type { Disposable } from "#core/event.ts";

/** Says that something changed in a folder, not below it. Where that cannot be told it says nothing and does not throw: polling goes on. */
export type WatchFolder = (folder: string, onDidChange: (what: "content" | "entries") => void) => Disposable;

/** Watches of the folders that are of interest now. */
export interface FolderWatches extends Disposable {
  /** Begins to watch folders, and lets all others go. */
  readonly keep: (folders: ReadonlySet<string>) => void;
}

export function createFolderWatches(
  watch: WatchFolder,
  onDidChange: (what: "content" | "entries") => void,
): FolderWatches {
  const watches = new Map<string, Disposable>();

  function keep(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of watches) {
      if (!folders.has(folder)) {
        watches.delete(folder);
        watcher.dispose();
      }
    }
    for (const folder of folders) {
      if (!watches.has(folder)) {
        watches.set(folder, watch(folder, onDidChange));
      }
    }
  }

  return { keep, dispose: () => keep(new Set()) };
}
