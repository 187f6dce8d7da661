import { isDamage } from "#codings/damage.ts";
import { createPartOpener } from "#codings/decoded.ts";
import type { ReadFailure } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import type { Chunk, ReductionEngine } from "#reduction/engine.ts";
import { createFullCollector } from "#reduction/fullStatistics.ts";
import type { FullCollector } from "#reduction/fullStatistics.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { checkReducible, reduceTensor, type TensorInput } from "#reduction/reduce.ts";
import { describeError } from "./errors.ts";
import type { OpenCheckpoint } from "./openCheckpoint.ts";
import type { Progress } from "./progress.ts";
import { reduceInThreads } from "./reduceInThreads.ts";
import type { Measured } from "./tensorNorms.ts";
import { isPlain } from "./threadPlan.ts";
import type { PlannedTensor } from "./threadPlan.ts";

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

/** Statistics of tensors of a checkpoint, in their order; of those that have none the reason. Rejects when a read fails. */
export async function reduceCheckpoint(
  wanted: readonly TensorEntry[],
  tools: ReductionTools,
): Promise<readonly Measured[]> {
  const { checkpoint, onUnmeasured, progress } = tools;
  const planned = wanted.flatMap((entry): PlannedTensor[] => {
    const reducible = checkReducible(entry);
    if (reducible.kind === "ok") {
      return [{ entry, ...reducible.value, fileOf: checkpoint.fileOf }];
    }
    onUnmeasured(entry, reasonOf(reducible));
    return [];
  });
  const shared = isThreaded(tools) ? planned.filter(isPlain) : [];
  const measured = new Map(await reduceByThreads(shared, tools));
  for (const { entry } of planned.filter(({ entry: each }) => !measured.has(each))) {
    const reduced = await reduceByEngine(entry, tools);
    if (reduced !== undefined) {
      measured.set(entry, reduced);
    }
  }
  progress.flush();
  return wanted.flatMap((entry) => measured.get(entry) ?? []);
}

async function reduceByThreads(
  tensors: readonly PlannedTensor[],
  { engine, threads, isFull, signal, progress }: ReductionTools,
): Promise<readonly (readonly [TensorEntry, Measured])[]> {
  const measured: [TensorEntry, Measured][] = [];
  await reduceInThreads(tensors, {
    engine,
    threads,
    isFull,
    signal,
    onAdvance: progress.advance,
    onTensor: (entry, statistics) => {
      measured.push([entry, { ...entry, ...statistics }]);
      progress.finish(entry, statistics);
    },
  });
  return measured;
}

async function reduceByEngine(entry: TensorEntry, tools: ReductionTools): Promise<Measured | undefined> {
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
    const statistics = { ...reduced.value, ...(collector === null ? {} : { full: collector.finish() }) };
    progress.finish(entry, statistics);
    return { ...entry, ...statistics };
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
