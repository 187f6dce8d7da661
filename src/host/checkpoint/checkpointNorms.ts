import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { wholeUpdate } from "#analysis/checkpoints/wholeUpdate.ts";
import type { ComputeOptions } from "#core/device.ts";
import type { CheckpointFile } from "#core/run.ts";
import { kindTakenAs } from "#core/tensor.ts";
import type { TensorKind, TensorNorms } from "#core/tensor.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import type { CheckpointSummary, WeightUpdate } from "#store/checkpointSummary.ts";
import type { WorkerClient } from "#client/workerClient.ts";

type KnownFile = Pick<CheckpointFile, "path" | "bytes">;

export interface SummaryOptions extends ComputeOptions {
  readonly takenAs?: TensorKind;
  /** The folder that keeps norms. */
  readonly cache?: string;
  readonly signal?: AbortSignal;
}

/** Names and shapes only. */
export async function readHeader(worker: WorkerClient, { path, bytes }: KnownFile): Promise<CheckpointSummary> {
  const { format, tensors } = await worker.request<"indexCheckpoint">({ kind: "indexCheckpoint", path });
  const elements = tensors.reduce((sum, tensor) => sum + tensor.elements, 0);
  const size = { tensors: tensors.length, elements };
  return { bytes, format, size, tensors: new Map(), globals: {}, gradientNorm: null, update: null };
}

/** Norms of one checkpoint, collected from progress and answer. */
export async function computeSummary(
  worker: WorkerClient,
  { path, bytes }: KnownFile,
  options: SummaryOptions,
): Promise<CheckpointSummary> {
  const { takenAs = "weight", signal, ...compute } = options;
  const tensors = new Map<string, TensorNorms>();
  let elements = 0;
  const onProgress = (progress: NormsProgress): void => {
    for (const tensor of progress.tensors) {
      tensors.set(tensor.name, { ...tensor, kind: kindTakenAs(tensor, takenAs) });
      elements += tensor.elements;
    }
  };
  // With all alternatives, as the editor asks, so that either finds in the cache what the other computed.
  const answer = await worker.request<"computeNorms">(
    { kind: "computeNorms", path, ...compute, hasAlternatives: true },
    { onProgress, ...(signal === undefined ? {} : { signal }) },
  );
  const taken = answer.alternatives.find((alternative) => alternative.takenAs === takenAs);
  const size = { tensors: tensors.size + answer.unmeasured.length, elements };
  const globals = taken?.globals ?? answer.globals;
  return { bytes, format: answer.format, size, tensors, globals, gradientNorm: null, update: null };
}

export interface DetailOptions {
  readonly threads: number;
  /** The checkpoint before of the same training, in the same form. */
  readonly previous: CheckpointFile | undefined;
}

/** The same summary with what needs a second reading: Adam's gradient norm, and how far the weights moved. */
export async function addDetails(
  worker: WorkerClient,
  { path, summary }: { readonly path: string; readonly summary: CheckpointSummary },
  { threads, previous }: DetailOptions,
): Promise<CheckpointSummary> {
  const { globals } = summary;
  const hasMoments = globals.moment1 !== undefined && globals.moment2 !== undefined;
  const gradientNorm = hasMoments ? await adamNorm(worker, path, threads) : null;
  const update =
    globals.weight === undefined || previous === undefined
      ? null
      : await updateSince(worker, { previous, path, threads });
  return { ...summary, gradientNorm, update };
}

async function adamNorm(worker: WorkerClient, path: string, threads: number): Promise<number | null> {
  const adam = await worker.request<"measureAdam">({ kind: "measureAdam", path, threads });
  const squares = (adam?.parameters ?? []).map(({ sums }) => sums.squaredGradient);
  return squares.length === 0 ? null : Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

interface UpdateOptions {
  readonly previous: CheckpointFile;
  readonly path: string;
  readonly threads: number;
}

async function updateSince(
  worker: WorkerClient,
  { previous, path, threads }: UpdateOptions,
): Promise<WeightUpdate | null> {
  const paths = [previous.path, path] as const;
  const comparison = await worker.request<"compareCheckpoints">({
    kind: "compareCheckpoints",
    before: previous.path,
    after: path,
    threads,
  });
  const steps = stepsBetween({ given: undefined, paths, comparison });
  const whole = wholeUpdate(comparison, steps?.count ?? null);
  return whole === null || previous.step === null ? null : { since: previous.step, ...whole };
}
