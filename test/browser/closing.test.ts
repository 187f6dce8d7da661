import { kill, pid } from "node:process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRunning, processesBelow } from "../support/processes.ts";
import type { RunningProcess } from "../support/processes.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { openWorkbench } from "./workbench.ts";

const GIBIBYTES = 256; // Read for many seconds on any machine, from no disk at all.
const LIMIT_MS = 10_000; // Much less than the work would take; two seconds are measured where nothing else runs beside it.

function workers(): readonly RunningProcess[] {
  return processesBelow(pid).filter(({ command }) => command.includes("worker.cjs"));
}

test("when the extension host dies while norms are computed, its worker ends, too", async () => {
  const workbench = await openWorkbench();
  try {
    await writeSparseCheckpoint(join(workbench.folder, "large.safetensors"), GIBIBYTES);
    await workbench.openFile("large.safetensors");
    await workbench.webview().getByRole("button", { name: "Cancel" }).waitFor();
    const [worker] = workers();
    if (worker === undefined) {
      throw new Error("No worker computes.");
    }
    kill(worker.parent, "SIGKILL"); // It started the worker, so it is the extension host.
    await expect.poll(() => isRunning(worker), { timeout: LIMIT_MS }).toBe(false);
  } finally {
    await workbench.close();
  }
});
