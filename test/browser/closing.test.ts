import { kill, pid } from "node:process";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { processesBelow } from "../support/processes.ts";
import type { RunningProcess } from "../support/processes.ts";
import { writeSparseCheckpoint } from "../support/sparse.ts";
import { openWorkbench } from "./workbench.ts";

const GIBIBYTES = 16; // Read for seconds, from no disk at all.

function workers(): readonly RunningProcess[] {
  return processesBelow(pid).filter(({ command }) => command.includes("worker.cjs"));
}

test("when the extension host dies while norms are computed, its worker is gone within two seconds", async () => {
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
    await vi.waitFor(() => expect(workers().map(({ id }) => id)).not.toContain(worker.id), {
      timeout: 2000,
      interval: 50,
    });
  } finally {
    await workbench.close();
  }
});
