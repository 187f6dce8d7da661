import { availableParallelism } from "node:os";
import type { ComputeOptions } from "#core/device.ts";
import type { TensorEntry, TensorNorms } from "#core/tensor.ts";
import { storedBytes } from "#core/tensorPart.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/worker.ts";
import { globalNorms } from "#reduction/globals.ts";
import type { MeasuredTensor } from "#reduction/globals.ts";
import { chooseEngine } from "./chooseEngine.ts";
import { openCheckpoint } from "./openCheckpoint.ts";
import { createProgress } from "./progress.ts";
import { isThreaded, reduceCheckpoint } from "./reduceCheckpoint.ts";

export interface NormsOptions extends ComputeOptions {
  /** Also l1, mean, zeros and a histogram, by one more pass over the chunks. */
  readonly isFull?: boolean;
  /** Tensors to compute; all when it is missing. */
  readonly isWanted?: (tensor: TensorEntry) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NormsProgress) => void;
}

/** Norms of every tensor of a checkpoint, and of each kind together. Rejects with a sentence for people. */
export async function computeNorms(path: string, options: NormsOptions): Promise<CheckpointNorms> {
  const { isWanted = () => true, signal, onProgress } = options;
  const checkpoint = await openCheckpoint(path);
  const notes = [...checkpoint.notes];
  const threads = threadCount(options.threads);
  const { engine: name = "auto", device = "auto", isFull = false } = options;
  const { engine, rates } = await chooseEngine({ engine: name, device, threads }, notes);
  const startMs = performance.now();
  try {
    const wanted = checkpoint.tensors.filter(isWanted);
    const progress = createProgress(totalBytes(wanted), onProgress);
    const measured = await reduceCheckpoint(wanted, { checkpoint, engine, threads, isFull, notes, signal, progress });
    const used = isThreaded({ engine }) ? threads : engine.threads;
    const reduced = wanted.filter((entry) => measured.has(entry));
    return {
      tensors: reduced.flatMap((entry) => measured.get(entry) ?? []),
      globals: globalNorms(withParts(reduced, measured)),
      engine: { name: engine.name, device: engine.device, threads: used, rates },
      readBytes: totalBytes(reduced),
      seconds: (performance.now() - startMs) / 1000,
      notes,
    };
  } finally {
    await engine.dispose();
    await checkpoint.close();
  }
}

/** One at a time, so that no second copy of all of them is made. */
function* withParts(
  entries: readonly TensorEntry[],
  measured: ReadonlyMap<TensorEntry, TensorNorms>,
): Generator<MeasuredTensor, void> {
  for (const entry of entries) {
    const norms = measured.get(entry);
    if (norms !== undefined) {
      yield { ...norms, parts: entry.parts };
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
