import type { ComputeOptions } from "#core/device.ts";
import type { TensorNorms } from "#core/tensor.ts";
import { messageOf } from "#core/messageOf.ts";
import type { FromCheckpoint, ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
import { isCancelled } from "#client/cancelled.ts";
import type { WorkerClient } from "#client/workerClient.ts";

type TensorAction = Extract<FromCheckpoint, { kind: "describeTensor" | "computeSpectrum" }>;

export interface TensorAnswerOptions {
  readonly path: string;
  readonly worker: WorkerClient;
  readonly compute: ComputeOptions;
  readonly post: (message: ToCheckpoint) => void;
  readonly signal: AbortSignal;
}

/** Sends what is computed of one tensor on demand: its full statistics, or its spectral norm. A failure is sent, too. */
export async function answerTensor(action: TensorAction, options: TensorAnswerOptions): Promise<void> {
  const { name, file, tensorKind } = action;
  const key = { name, file, tensorKind };
  try {
    if (action.kind === "describeTensor") {
      options.post({ kind: "statistics", ...key, norms: await fullStatistics(action, options), failure: null });
    } else {
      const { path, worker, signal } = options;
      const spectrum = await worker.request<"computeSpectrum">({ kind: "computeSpectrum", path, name }, { signal });
      options.post({ kind: "spectrum", ...key, spectrum, failure: null });
    }
  } catch (error) {
    if (isCancelled(error)) {
      return; // Another tensor was chosen.
    }
    const failure = messageOf(error);
    options.post(
      action.kind === "describeTensor"
        ? { kind: "statistics", ...key, norms: null, failure }
        : { kind: "spectrum", ...key, spectrum: null, failure },
    );
  }
}

/** Tensors of one name may lie in several files. */
async function fullStatistics(action: TensorAction, options: TensorAnswerOptions): Promise<TensorNorms> {
  const { path, worker, compute, signal } = options;
  const found: TensorNorms[] = [];
  const { unmeasured } = await worker.request<"computeNorms">(
    { kind: "computeNorms", path, ...compute, isFull: true, only: action.name },
    { signal, onProgress: ({ tensors }) => tensors.forEach((one) => found.push(one)) },
  );
  const own = found.find(({ file, kind }) => file === action.file && kind === action.tensorKind);
  if (own === undefined) {
    throw new Error(unmeasured.find(({ file }) => file === action.file)?.why ?? t("It was not found in the file."));
  }
  return own;
}
