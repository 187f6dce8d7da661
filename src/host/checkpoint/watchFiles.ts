import type { Disposable } from "#core/event.ts";
import { t } from "@vscode/l10n";

export interface WatchOptions {
  readonly intervalMs: () => number;
  readonly isVisible: () => boolean;
  /** Something that changes with the file; rejects when it is gone. */
  readonly stat: (path: string) => Promise<string>;
  /** Once, with a sentence for people. */
  readonly onDidChange: (message: string) => void;
}

/** Looks now and then whether files that are shown are still as they were. No lock, no events: those miss network file systems. */
export interface FileWatch extends Disposable {
  /** From now on this file, and no other of before. False when it is not what it was the last time. */
  readonly start: (path: string) => Promise<boolean>;
  readonly add: (paths: readonly string[]) => Promise<void>;
}

// A checkpoint of a thousand chunks is written anew as a whole.
const MAX_FILES = 50;
const GONE = "gone";

export function watchFiles({ intervalMs, isVisible, stat, onDidChange }: WatchOptions): FileWatch {
  let stamps = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  /** Of the file that was started with. */
  let first: string | undefined;

  const stampOf = async (path: string): Promise<string> => stat(path).catch(() => GONE);

  async function look(watched: Map<string, string>): Promise<void> {
    for (const [path, before] of isVisible() ? watched : []) {
      const now = await stampOf(path);
      if (now !== before && watched === stamps) {
        stamps = new Map();
        onDidChange(now === GONE ? t("{0} is no longer there.", path) : t("The file has changed since it was read."));
        return;
      }
    }
    wait(watched);
  }

  function wait(watched: Map<string, string>): void {
    if (watched === stamps && watched.size > 0) {
      clearTimeout(timer);
      timer = setTimeout(() => void look(watched), intervalMs());
    }
  }

  async function add(paths: readonly string[]): Promise<void> {
    const watched = stamps;
    for (const path of paths.slice(0, MAX_FILES)) {
      if (!watched.has(path)) {
        watched.set(path, await stampOf(path));
      }
    }
    wait(watched);
  }

  return {
    async start(path) {
      const before = first;
      stamps = new Map();
      await add([path]);
      first = stamps.get(path);
      return before === undefined || before === first;
    },
    add,
    dispose() {
      stamps = new Map();
      clearTimeout(timer);
    },
  };
}
