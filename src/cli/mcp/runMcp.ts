import { resolve } from "node:path";
import { locateInside } from "#files/locate.ts";
import { UsageError, parseCommand } from "../usage.ts";
import { createWorkerHere } from "../workerHere.ts";

// Clients wait for a minute, mostly.
const MAX_DISK_MS = 30_000;

/** Serves the answers to agents over stdio, until the client closes its end. */
export async function runMcp(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { paths } = parseCommand(args, {});
  const roots = paths.map((path) => resolve(path));
  for (const root of roots) {
    if ((await locateInside(root, [root])) === null) {
      throw new UsageError(`${root}: no such file or folder`);
    }
  }
  // The protocol's library is larger than all the rest of the program, so the build makes a file of its own of it.
  const { serve } = await import("./serve.ts");
  const worker = createWorkerHere({ diskMs: MAX_DISK_MS });
  try {
    await serve({ worker, roots, signal });
  } finally {
    worker.dispose();
  }
  return 0;
}
