import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

type Call = "opendir" | "stat" | "open";

export interface SlowDisk {
  /** Calls that were made. */
  readonly calls: () => number;
  /** Lets calls that wait for ever go on, and makes the disk as quick as it is. */
  readonly end: () => void;
}

/** Lets a call to the real file system wait, for every path that holds some text, before it is made. */
export function slowDown(call: Call, paths: string, milliseconds: number): SlowDisk {
  const original = files[call] as (...args: unknown[]) => Promise<unknown>;
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  let calls = 0;
  replace(call, async (...args) => {
    if (String(args[0]).includes(paths)) {
      calls += 1;
      await Promise.race([ended, wait(milliseconds)]);
    }
    return original(...args);
  });
  return {
    calls: () => calls,
    end() {
      end(undefined);
      replace(call, original);
    },
  };
}

function replace(call: Call, by: (...args: unknown[]) => Promise<unknown>): void {
  Object.assign(files, { [call]: by });
  syncBuiltinESMExports();
}

async function wait(milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setTimeout(resolve, milliseconds, undefined).unref();
  await promise;
}
