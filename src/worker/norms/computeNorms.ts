import { availableParallelism } from "node:os";
import type { ComputeOptions } from "#core/device.ts";
import type { TensorEntry, TensorKind, TensorNorms } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/workerAnswers.ts";
import { ALL_CHUNKS } from "#reduction/chunkRange.ts";
import { globalNorms } from "#reduction/globals.ts";
import type { MeasuredTensor } from "#reduction/globals.ts";
import { joinSpans } from "#reduction/spanSums.ts";
import { chooseEngine } from "./chooseEngine.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { createProgress } from "./progress.ts";
import { isThreaded, reduceCheckpoint } from "./reduceCheckpoint.ts";
import type { Work } from "./reduceCheckpoint.ts";
import { sortReducible } from "./reducibleTensors.ts";
import type { ReducibleTensor } from "./reducibleTensors.ts";
import { alternativesOf, noteOnKinds, withKinds } from "../checkpoints/takenAs.ts";
import { toNorms } from "./tensorNorms.ts";
import { createUnmeasured } from "./unmeasured.ts";
import { withCheckpoint } from "../checkpoints/withCheckpoint.ts";

export interface NormsOptions extends ComputeOptions {
  /** Also l1, mean, zeros and a histogram, by one more pass over the chunks. */
  readonly isFull?: boolean;
  /** What tensors are that nothing tells; weights when it is missing. */
  readonly takenAs?: TensorKind;
  /** Also the global norms of every other kind they might be of; nothing when `takenAs` says it. */
  readonly hasAlternatives?: boolean;
  /** Tensors to compute; all when it is missing. */
  readonly isWanted?: (tensor: TensorEntry) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NormsProgress) => void;
}

/** Norms of every tensor of a checkpoint, and of each kind together. Rejects with a sentence for people. */
export async function computeNorms(path: string, options: NormsOptions): Promise<CheckpointNorms> {
  return withCheckpoint(path, async (checkpoint) => normsOf(checkpoint, options));
}

/** The same for a checkpoint that is open, and stays so. */
export async function normsOf(checkpoint: OpenCheckpoint, options: NormsOptions): Promise<CheckpointNorms> {
  const { isWanted = () => true, takenAs, signal, onProgress } = options;
  const { format, bytes } = checkpoint;
  const notes = [...checkpoint.notes, ...noteOnKinds(checkpoint.tensors, takenAs)];
  const threads = threadCount(options.threads);
  const { engine: name = "auto", device = "auto", isFull = false } = options;
  const { engine, rates } = await chooseEngine({ engine: name, device, threads }, notes);
  const startMs = performance.now();
  try {
    const wanted = withKinds(checkpoint.tensors.filter(isWanted), takenAs);
    const unmeasured = createUnmeasured();
    const progress = createProgress(totalBytes(wanted), onProgress);
    const measured = new Map<TensorEntry, TensorNorms>();
    const { reducible, refused } = sortReducible(wanted);
    refused.forEach(({ entry, why }) => unmeasured.add(entry, why));
    await reduceCheckpoint(reducible.map(whole), {
      checkpoint,
      engine,
      threads,
      isFull,
      signal,
      onAdvance: progress.advance,
      onSums({ entry }, sums) {
        const norms = toNorms(entry, joinSpans(entry, [sums]));
        measured.set(entry, norms);
        progress.finish(storedBytes(entry), norms);
      },
      onDamage: ({ entry }, why) => unmeasured.add(entry, why),
    });
    progress.flush();
    const used = isThreaded({ engine }) ? threads : engine.threads;
    const reduced = wanted.filter((entry) => measured.has(entry));
    return {
      format,
      files: [...new Set(checkpoint.tensors.map(({ file }) => file))],
      bytes,
      tensors: reduced.flatMap((entry) => measured.get(entry) ?? []),
      unmeasured: unmeasured.all,
      globals: globalNorms(withParts(reduced, measured)),
      alternatives: options.hasAlternatives === true ? alternativesOf(Array.from(withParts(reduced, measured))) : [],
      engine: { name: engine.name, device: engine.device, threads: used, rates },
      readBytes: totalBytes(reduced),
      seconds: (performance.now() - startMs) / 1000,
      notes: [...notes, ...unmeasured.notes()],
    };
  } finally {
    await engine.dispose();
  }
}

function whole(tensor: ReducibleTensor): Work {
  return { ...tensor, chunks: ALL_CHUNKS };
}

/** One at a time, so that no second copy of all of them is made. */
function* withParts(
  entries: readonly TensorEntry[],
  measured: ReadonlyMap<TensorEntry, TensorNorms>,
): Generator<MeasuredTensor, void> {
  for (const entry of entries) {
    const norms = measured.get(entry);
    if (norms !== undefined) {
      yield { ...norms, ...entry };
    }
  }
}

function totalBytes(tensors: readonly TensorEntry[]): number {
  return tensors.reduce((total, entry) => total + storedBytes(entry), 0);
}

/** Half of the cores, four at most, unless it is said: a training runs beside us. */
export function threadCount(threads: number): number {
  return threads > 0 ? threads : Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}
