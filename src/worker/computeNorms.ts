import { availableParallelism } from "node:os";
import type { ComputeOptions } from "#core/device.ts";
import type { ReadFailure } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/worker.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createFullCollector } from "#reduction/fullStatistics.ts";
import { globalNorms } from "#reduction/globals.ts";
import { reducibleDType, reduceTensor } from "#reduction/reduce.ts";
import { chooseEngine } from "./chooseEngine.ts";
import { openCheckpoint } from "./openCheckpoint.ts";
import type { OpenCheckpoint } from "./openCheckpoint.ts";
import { createProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { reduceInThreads } from "./reduceInThreads.ts";
import { toNorms } from "./tensorNorms.ts";
import type { Measured } from "./tensorNorms.ts";

export interface NormsOptions extends ComputeOptions {
  /** Also l1, mean and zeros, by one more pass over the chunks, on one thread. */
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
  const engine = await chooseEngine({ engine: name, device }, threads, notes);
  const startMs = performance.now();
  try {
    const wanted = checkpoint.tensors.filter(isWanted);
    const progress = createProgress(totalBytes(wanted), onProgress);
    const measured = await reduceAll({ checkpoint, engine, wanted, threads, isFull, notes, signal, progress });
    const used = engine.name === "simd" && !isFull ? threads : engine.threads;
    return {
      tensors: measured.map(toNorms),
      globals: globalNorms(measured),
      engine: { name: engine.name, device: engine.device, threads: used },
      readBytes: totalBytes(measured),
      seconds: (performance.now() - startMs) / 1000,
      notes,
    };
  } finally {
    await engine.dispose();
    await checkpoint.close();
  }
}

function totalBytes(tensors: readonly TensorEntry[]): number {
  return tensors.reduce((total, { byteLength }) => total + byteLength, 0);
}

function threadCount(threads: number): number {
  return threads > 0 ? threads : Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}

interface Reduction {
  readonly checkpoint: OpenCheckpoint;
  readonly engine: ReductionEngine;
  readonly wanted: readonly TensorEntry[];
  readonly threads: number;
  readonly isFull: boolean;
  readonly notes: string[];
  readonly signal: AbortSignal | undefined;
  readonly progress: Progress;
}

/** The simd engine is light enough to have one in every thread; onnxruntime has threads of its own. */
async function reduceAll(reduction: Reduction): Promise<readonly Measured[]> {
  const isShared = reduction.engine.name === "simd" && !reduction.isFull;
  const measured = await (isShared ? reduceByThreads(reduction) : reduceByEngine(reduction));
  reduction.progress.flush();
  return measured;
}

async function reduceByThreads({ checkpoint, engine, ...reduction }: Reduction): Promise<readonly Measured[]> {
  const { wanted, threads, notes, signal, progress } = reduction;
  const measured: Measured[] = [];
  const planned = wanted.flatMap((entry) => {
    const dtype = reducibleDType(entry);
    if (dtype.kind !== "ok") {
      notes.push(noteOn(entry, dtype));
      return [];
    }
    return [{ entry, dtype: dtype.value, source: checkpoint.sourceOf(entry.file) }];
  });
  await reduceInThreads(planned, {
    engine,
    threads,
    signal,
    onAdvance: progress.advance,
    onTensor: (entry, statistics) => {
      measured.push({ ...entry, ...statistics });
      progress.finish(entry, statistics);
    },
  });
  return measured;
}

async function reduceByEngine({ checkpoint, engine, ...reduction }: Reduction): Promise<readonly Measured[]> {
  const { wanted, isFull, notes, signal, progress } = reduction;
  const measured: Measured[] = [];
  for (const entry of wanted) {
    const input = { entry, source: checkpoint.sourceOf(entry.file) };
    const collector = isFull ? createFullCollector(entry) : null;
    const reduced = await reduceTensor(engine, input, {
      onProgress: progress.advance,
      ...(collector === null ? {} : { onChunk: collector.add }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (reduced.kind === "ok") {
      const statistics = { ...reduced.value, ...(collector === null ? {} : { full: collector.finish() }) };
      measured.push({ ...entry, ...statistics });
      progress.finish(entry, statistics);
    } else {
      notes.push(noteOn(entry, reduced));
    }
  }
  return measured;
}

function noteOn({ name }: TensorEntry, failure: ReadFailure): string {
  return "what" in failure ? failure.what : `${name} is not complete.`;
}
