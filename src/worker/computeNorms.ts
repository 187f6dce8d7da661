import { availableParallelism } from "node:os";
import { asNorm, rms } from "#core/norm.ts";
import type { TensorEntry, TensorNorms, TensorStatistics } from "#core/tensor.ts";
import type { CheckpointNorms, NormsProgress } from "#protocol/worker.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createFullCollector } from "#reduction/fullStatistics.ts";
import type { FullStatistics } from "#reduction/fullStatistics.ts";
import { globalNorms } from "#reduction/globals.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { openCheckpoint } from "./openCheckpoint.ts";
import type { OpenCheckpoint } from "./openCheckpoint.ts";

// Often enough for a smooth bar, seldom enough to cost nothing.
const PROGRESS_MS = 50;

export interface NormsOptions {
  /** 0 leaves the choice to Gradlens: half of the cores, four at most. */
  readonly threads: number;
  /** Also l1, mean and zeros, for one more pass over the chunks. */
  readonly isFull?: boolean;
  /** Tensors to compute; all when it is missing. */
  readonly isWanted?: (tensor: TensorEntry) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: NormsProgress) => void;
}

/** Norms of every tensor of a checkpoint, and of each kind together. Rejects with a sentence for people. */
export async function computeNorms(path: string, options: NormsOptions): Promise<CheckpointNorms> {
  const checkpoint = await openCheckpoint(path);
  const notes = [...checkpoint.notes];
  const engine = await createEngine(options.threads, notes);
  const startMs = performance.now();
  try {
    const measured = await reduceAll(checkpoint, engine, { ...options, notes });
    return {
      tensors: measured.map(toNorms),
      globals: globalNorms(measured),
      engine: { name: engine.name, device: engine.device, threads: engine.threads },
      readBytes: measured.reduce((total, { byteLength }) => total + byteLength, 0),
      seconds: (performance.now() - startMs) / 1000,
      notes,
    };
  } finally {
    await engine.dispose();
    await checkpoint.close();
  }
}

async function createEngine(threads: number, notes: string[]): Promise<ReductionEngine> {
  const chosen = threads > 0 ? threads : Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
  const engine = await createOnnxEngine({ threads: chosen });
  if (engine.kind === "ok") {
    return engine.value;
  }
  notes.push(`${"what" in engine ? engine.what : engine.kind} The slower TypeScript engine was used.`);
  return createScriptEngine();
}

type Measured = TensorEntry & TensorStatistics & { readonly full: FullStatistics | null };

async function reduceAll(
  { tensors, sourceOf }: OpenCheckpoint,
  engine: ReductionEngine,
  options: NormsOptions & { readonly notes: string[] },
): Promise<readonly Measured[]> {
  const { isWanted = () => true, signal, notes } = options;
  const wanted = tensors.filter(isWanted);
  const totalBytes = wanted.reduce((total, { byteLength }) => total + byteLength, 0);
  const progress = createProgress(totalBytes, options.onProgress);
  const measured: Measured[] = [];
  for (const entry of wanted) {
    const input = { entry, source: sourceOf(entry.file) };
    const collector = options.isFull === true ? createFullCollector(entry) : null;
    const reduced = await reduceTensor(engine, input, {
      onProgress: progress.advance,
      ...(collector === null ? {} : { onChunk: collector.add }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (reduced.kind === "ok") {
      const tensor = { ...entry, ...reduced.value, full: collector?.finish() ?? null };
      measured.push(tensor);
      progress.finish(tensor);
    } else {
      notes.push("what" in reduced ? reduced.what : `${entry.name} is not complete.`);
    }
  }
  progress.flush();
  return measured;
}

/** Gathers finished tensors and reports them now and then. */
function createProgress(
  totalBytes: number,
  report: ((progress: NormsProgress) => void) | undefined,
): {
  readonly advance: (bytesOfTensor: number) => void;
  readonly finish: (tensor: Measured) => void;
  readonly flush: () => void;
} {
  let finishedBytes = 0;
  let tensorBytes = 0;
  let reportedMs = 0;
  let tensors: TensorNorms[] = [];

  function flush(): void {
    reportedMs = performance.now();
    report?.({ doneBytes: finishedBytes + tensorBytes, totalBytes, tensors });
    tensors = [];
  }

  function flushIfDue(): void {
    if (performance.now() - reportedMs >= PROGRESS_MS) {
      flush();
    }
  }

  return {
    advance(bytesOfTensor) {
      tensorBytes = bytesOfTensor;
      flushIfDue();
    },
    finish(tensor) {
      finishedBytes += tensor.byteLength;
      tensorBytes = 0;
      tensors.push(toNorms(tensor));
    },
    flush,
  };
}

/** In the order that `gradlens norms --json` documents. */
function toNorms({ name, kind, dtype, shape, elements, file, full, ...tensor }: Measured): TensorNorms {
  const { l2, linf, nan, posInf, negInf, firstNonFinite } = tensor;
  const sizes = { l2, l1: full?.l1 ?? null, linf, rms: rms(asNorm(l2), elements), mean: full?.mean ?? null };
  const counts = { zeros: full?.zeros ?? null, nan, posInf, negInf };
  return { name, kind, dtype, shape, elements, ...sizes, ...counts, firstNonFinite, file };
}
