import type { Run } from "#store/run.ts";
import type { RunStore } from "#store/runStore.ts";
import * as vscode from "vscode";
import { computeSummary } from "../checkpoint/checkpointNorms.ts";
import { settings } from "../settings/settings.ts";
import type { TakenKinds } from "../checkpoint/takenKinds.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { checkpointName, newestPair } from "./updatesBook.ts";
import type { UpdatesBook } from "./updatesBook.ts";

export interface ComputeParts {
  readonly store: RunStore;
  readonly worker: WorkerClient;
  readonly kinds: Pick<TakenKinds, "of">;
  readonly updates: UpdatesBook;
}

/** Computes what hovers can tell of a run's checkpoints: norms of the newest, and what moved since the one before it. */
export async function computeRunNorms(argument: unknown, parts: ComputeParts): Promise<void> {
  const run = typeof argument === "string" ? parts.store.get(argument) : undefined;
  if (run === undefined) {
    return;
  }
  const controller = new AbortController();
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true };
  await vscode.window.withProgress({ ...options, title: "Gradlens" }, async (progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    const report = (path: string): void => progress.report({ message: checkpointName(run, path) });
    try {
      await computeNewest(run, parts, { signal: controller.signal, report });
      await compareNewest(run, parts, { signal: controller.signal, report });
    } catch (error) {
      if (!controller.signal.aborted) {
        throw error;
      }
    }
  });
}

interface Attempt {
  readonly signal: AbortSignal;
  readonly report: (path: string) => void;
}

async function computeNewest(
  run: Run,
  { store, worker, kinds }: ComputeParts,
  { signal, report }: Attempt,
): Promise<void> {
  const [newest] = run.checkpoints().toSorted((a, b) => (b.step ?? -1) - (a.step ?? -1));
  if (newest === undefined || run.summaries.get(newest.path)?.bytes === newest.bytes) {
    return;
  }
  report(newest.path);
  const takenAs = kinds.of(newest.path);
  const summary = await computeSummary(worker, newest, { ...settings.compute(), takenAs, signal });
  store.setSummary(run.id, newest.path, summary);
}

async function compareNewest(run: Run, { worker, updates }: ComputeParts, { signal, report }: Attempt): Promise<void> {
  const pair = newestPair(run);
  if (pair === undefined) {
    return;
  }
  report(pair.after.path);
  const { threads } = settings.compute();
  const paths = { before: pair.before.path, after: pair.after.path };
  const comparison = await worker.request<"compareCheckpoints">(
    { kind: "compareCheckpoints", ...paths, threads },
    { signal },
  );
  updates.set(run, pair, comparison);
}
