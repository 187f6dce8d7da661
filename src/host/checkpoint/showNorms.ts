import { plainName } from "#core/names/plainName.ts";
import { kindTakenAs } from "#core/tensor.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import * as vscode from "vscode";
import type { ClusterShares } from "../cluster/clusterShares.ts";
import { settings } from "../settings/settings.ts";
import type { WorkerClient } from "#client/workerClient.ts";
import { describeNorms } from "./describeNorms.ts";
import type { TakenKinds } from "./takenKinds.ts";

export interface ShowOptions {
  readonly worker: WorkerClient;
  readonly kinds: TakenKinds;
  readonly shares: ClusterShares;
  readonly cache: string;
  readonly post: (message: ToCheckpoint) => void;
  readonly signal: AbortSignal;
  /** The files that were read. */
  readonly onFiles: (paths: readonly string[]) => Promise<void>;
}

/** Sends the index, then the norms as they come. Gives the norms of the weights by their plain names. */
export async function showNorms(uri: vscode.Uri, options: ShowOptions): Promise<ReadonlyMap<string, number>> {
  const { worker, kinds, shares, cache, post, signal, onFiles } = options;
  const path = uri.fsPath;
  const takenAs = kinds.of(path);
  const weights = new Map<string, number>();
  const onProgress = (progress: NormsProgress): void => {
    addWeights(weights, progress.tensors, takenAs);
    post({ kind: "progress", ...progress, tensors: [...progress.tensors] });
  };
  const { format, bytes, tensors, ties, files, notes } = await worker.request<"indexCheckpoint">(
    { kind: "indexCheckpoint", path },
    { signal },
  );
  post({
    kind: "index",
    file: vscode.workspace.asRelativePath(uri),
    format,
    bytes,
    tensors: [...tensors],
    ties: ties.map(([tensor, first]) => [tensor, first]),
    notes: [...notes],
    takenAs,
    isFolder: !files.includes(path),
  });
  await onFiles(files);
  const folder = shares.take(path);
  if (folder !== undefined) {
    post(describeNorms(await worker.request<"mergeShares">({ kind: "mergeShares", folder }, { signal, onProgress })));
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true });
    return weights;
  }
  // The page chooses among the alternatives, so that another kind needs no second reading.
  const norms = await worker.request<"computeNorms">(
    { kind: "computeNorms", path, ...settings.compute(), hasAlternatives: true, cache },
    { signal, onProgress },
  );
  post(describeNorms(norms));
  return weights;
}

function addWeights(weights: Map<string, number>, tensors: readonly TensorNorms[], takenAs: TensorKind): void {
  for (const tensor of tensors) {
    if (kindTakenAs(tensor, takenAs) === "weight") {
      weights.set(plainName(tensor.name), tensor.l2);
    }
  }
}
