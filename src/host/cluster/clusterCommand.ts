import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import process from "node:process";
import { formatProgress } from "#l10n/format.ts";
import { t } from "@vscode/l10n";
import type { MissingShares } from "#protocol/workerAnswers.ts";
import * as vscode from "vscode";
import { localPath } from "../localPath.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { batchScript } from "./batchScript.ts";
import type { ClusterShares } from "./clusterShares.ts";
import { exists } from "./exists.ts";
import { runUntilComplete } from "./jobRounds.ts";
import type { JobSteps, RestChoice } from "./jobRounds.ts";
import { endState, followJob, submitJob } from "./slurmJob.ts";

export interface ClusterTargets {
  readonly extensionUri: vscode.Uri;
  /** A folder of the user's; a cluster's nodes usually see the same home. */
  readonly storageUri: vscode.Uri;
  readonly shares: ClusterShares;
  readonly worker: WorkerClient;
  /** Opens the checkpoint view. */
  readonly openView: (checkpoint: vscode.Uri) => Promise<void>;
}

const LOOK_MS = 5000;

/**
 * Writes a script for a checkpoint, lets people change it, and submits it when they say so. Follows the job, and shows what
 * it computed in the checkpoint view.
 */
export async function computeOnCluster(checkpoint: vscode.Uri, targets: ClusterTargets): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(t("In Restricted Mode Gradlens submits no jobs."));
  }
  const path = localPath(checkpoint);
  const shareUri = vscode.Uri.joinPath(targets.storageUri, "shares");
  await vscode.workspace.fs.createDirectory(shareUri);
  const run = `${basename(path).replaceAll(/[^\w.-]/g, "_")}-${randomUUID().slice(0, 8)}`;
  const script = await reviewScript(
    batchScript({
      checkpoint: path,
      node: process.execPath,
      program: vscode.Uri.joinPath(targets.extensionUri, "dist", "cli.cjs").fsPath,
      isElectron: process.versions["electron"] !== undefined,
      shareFolder: shareUri.fsPath,
      run,
    }),
  );
  if (script === undefined) {
    return;
  }
  const job: ClusterJob = {
    script,
    checkpoint,
    shareUri,
    folder: vscode.Uri.joinPath(shareUri, `job-${run}`),
    log: vscode.Uri.joinPath(shareUri, `${run}.log`),
  };
  const result = await runUntilComplete(stepsOf(job, targets.worker));
  if (result.kind === "nothing") {
    await reportNoShares(result.job, job.log);
  } else if (result.kind === "complete") {
    targets.shares.put(checkpoint.fsPath, job.folder.fsPath);
    await targets.openView(checkpoint);
  }
}

interface ClusterJob {
  readonly script: string;
  readonly checkpoint: vscode.Uri;
  readonly shareUri: vscode.Uri;
  /** Of its shares. */
  readonly folder: vscode.Uri;
  /** What it prints. */
  readonly log: vscode.Uri;
}

function stepsOf({ script, checkpoint, shareUri, folder, log }: ClusterJob, worker: WorkerClient): JobSteps {
  return {
    async run() {
      const job = await submitJob(script, { cwd: shareUri.fsPath });
      await followWithProgress(job);
      return job;
    },
    async findMissing() {
      const request = { kind: "findMissingShares", folder: folder.fsPath } as const;
      return (await exists(folder)) ? worker.request<"findMissingShares">(request) : null;
    },
    ask: async (job, shares) => askForRest(job, shares, log),
    completeHere: async () => completeWithProgress(worker, folder.fsPath, checkpoint.fsPath),
  };
}

/** What is there stays in its folder, whatever people choose. */
async function askForRest(job: string, { missing, count }: MissingShares, log: vscode.Uri): Promise<RestChoice> {
  const here = t("Compute the Rest Here");
  const again = t("Submit Again");
  const showOutput = t("Show Output");
  const what = t("Slurm job {0} left out {1} of {2} shares.", job, missing.length, count);
  const answer = await vscode.window.showWarningMessage(what, here, again, showOutput);
  if (answer === showOutput) {
    await vscode.window.showTextDocument(log);
    return askForRest(job, { missing, count }, log);
  }
  return answer === here ? "here" : answer === again ? "again" : "leave";
}

async function completeWithProgress(worker: WorkerClient, folder: string, path: string): Promise<void> {
  const title = t("Computing the missing shares");
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    const { threads } = settings.compute();
    try {
      await worker.request<"completeShares">(
        { kind: "completeShares", folder, path, threads },
        { signal: controller.signal, onProgress: (done) => progress.report({ message: formatProgress(done) }) },
      );
    } finally {
      subscription.dispose();
    }
  });
}

/** The script as it stands in its editor when people submit it; undefined when they do not. */
async function reviewScript(content: string): Promise<string | undefined> {
  const document = await vscode.workspace.openTextDocument({ language: "shellscript", content });
  await vscode.window.showTextDocument(document);
  const submit = t("Submit");
  const question = t("Look over this script, change what your cluster needs, and submit it to Slurm.");
  const answer = await vscode.window.showInformationMessage(question, submit);
  return answer === submit ? document.getText() : undefined;
}

async function followWithProgress(job: string): Promise<void> {
  const title = t("Slurm job {0}", job);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() =>
      controller.abort(new Error(t("{0} was cancelled.", title))),
    );
    try {
      const onState = (state: string): void => progress.report({ message: state.toLowerCase() });
      await followJob(job, { intervalMs: LOOK_MS, signal: controller.signal, onState });
    } finally {
      subscription.dispose();
    }
  });
}

async function reportNoShares(job: string, log: vscode.Uri): Promise<void> {
  const state = await endState(job);
  const what =
    state === undefined
      ? t("Slurm job {0} ended without a result.", job)
      : t("Slurm job {0} ended as {1}, without a result.", job, state.toLowerCase());
  const showOutput = t("Show Output");
  const hasLog = await exists(log);
  const answer = await vscode.window.showErrorMessage(what, ...(hasLog ? [showOutput] : []));
  if (answer === showOutput) {
    await vscode.window.showTextDocument(log);
  }
}
