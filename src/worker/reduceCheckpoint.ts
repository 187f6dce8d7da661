import { isDamage } from "#codings/damage.ts";
import { createPartOpener } from "#codings/decoded.ts";
import type { ReadFailure } from "#core/outcome.ts";
import type { TensorEntry, TensorNorms } from "#core/tensor.ts";
import type { Chunk, ReductionEngine } from "#reduction/engine.ts";
import { createFullCollector } from "#reduction/fullStatistics.ts";
import type { FullCollector } from "#reduction/fullStatistics.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { checkReducible, type ReducibleEntry, reduceTensor, type TensorInput } from "#reduction/reduce.ts";
import { describeError } from "./errors.ts";
import type { OpenCheckpoint } from "./openCheckpoint.ts";
import type { Progress } from "./progress.ts";
import { reduceInThreads } from "./reduceInThreads.ts";
import { toNorms } from "./tensorNorms.ts";
import type { Reduced } from "./tensorNorms.ts";
import { isPlain } from "./threadPlan.ts";

export interface ReductionTools {
  readonly checkpoint: OpenCheckpoint;
  readonly engine: ReductionEngine;
  readonly threads: number;
  readonly isFull: boolean;
  /** Hears why a tensor has no norms. */
  readonly onUnmeasured: (entry: TensorEntry, why: string) => void;
  readonly signal: AbortSignal | undefined;
  readonly progress: Progress;
}

/** On the CPU every thread has an engine and the file of its own; a GPU is fed by one. */
export function isThreaded({ engine }: Pick<ReductionTools, "engine">): boolean {
  return engine.name !== "script" && engine.device === "cpu";
}

/** Norms of tensors of a checkpoint; of those that have none the reason. Rejects when a read fails. */
export async function reduceCheckpoint(
  wanted: readonly TensorEntry[],
  tools: ReductionTools,
): Promise<ReadonlyMap<TensorEntry, TensorNorms>> {
  const measured = new Map<TensorEntry, TensorNorms>();
  const keep = (entry: TensorEntry, reduced: Reduced): void => {
    const norms = toNorms(entry, reduced);
    measured.set(entry, norms);
    tools.progress.finish(entry, norms);
  };
  const { shared, others } = shareOut(wanted, tools);
  await reduceByThreads(shared, tools, keep);
  for (const entry of others) {
    const reduced = await reduceByEngine(entry, tools);
    if (reduced !== undefined) {
      keep(entry, reduced);
    }
  }
  tools.progress.flush();
  return measured;
}

interface Shares {
  /** For the threads. */
  readonly shared: readonly ReducibleEntry[];
  readonly others: readonly ReducibleEntry[];
}

function shareOut(wanted: readonly TensorEntry[], tools: ReductionTools): Shares {
  const shared: ReducibleEntry[] = [];
  const others: ReducibleEntry[] = [];
  const hasThreads = isThreaded(tools);
  for (const entry of wanted) {
    const reducible = checkReducible(entry);
    if (reducible.kind === "ok") {
      const share = hasThreads && isPlain(reducible.value) ? shared : others;
      share.push(reducible.value.entry);
    } else {
      tools.onUnmeasured(entry, reasonOf(reducible));
    }
  }
  return { shared, others };
}

async function reduceByThreads(
  tensors: readonly ReducibleEntry[],
  { checkpoint, engine, threads, isFull, signal, progress }: ReductionTools,
  onTensor: (entry: TensorEntry, reduced: Reduced) => void,
): Promise<void> {
  const { fileOf } = checkpoint;
  await reduceInThreads(tensors, { engine, threads, fileOf, isFull, signal, onAdvance: progress.advance, onTensor });
}

async function reduceByEngine(entry: TensorEntry, tools: ReductionTools): Promise<Reduced | undefined> {
  const { checkpoint, engine, isFull, onUnmeasured, signal, progress } = tools;
  const collector = isFull ? createFullCollector(entry) : null;
  const opener = createPartOpener();
  const open: TensorInput["open"] = (part) => opener.open(part, checkpoint.fileOf(part).readInto);
  try {
    const reduced = await reduceTensor(
      engine,
      { entry, open },
      {
        onProgress: progress.advance,
        ...(collector === null ? {} : { onChunk: addTo(collector) }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (reduced.kind !== "ok") {
      onUnmeasured(entry, reasonOf(reduced));
      return undefined;
    }
    return { ...reduced.value, ...(collector === null ? {} : { full: collector.finish() }) };
  } catch (error) {
    // Damaged data of one tensor say nothing of the others; a file that cannot be read any more does.
    if (signal?.aborted === true || !isDamage(error)) {
      throw error;
    }
    onUnmeasured(entry, describeError(error));
    return undefined;
  } finally {
    await opener.close();
  }
}

function addTo(collector: FullCollector): (chunk: Chunk, times: number) => void {
  return (chunk, times) => collector.add(fullSumsOf(chunk), times);
}

function reasonOf(failure: ReadFailure): string {
  return failure.what ?? "It is not complete.";
}
