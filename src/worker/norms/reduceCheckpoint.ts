import { isDamage } from "#codings/damage.ts";
import { createPartOpener } from "#codings/partOpener.ts";
import type { SpanSums } from "#core/spanSums.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { fullSumsOf } from "#reduction/fullSums.ts";
import { reduceTensor } from "#reduction/reduce.ts";
import { createSpanCollector } from "#reduction/spanSums.ts";
import { describeError } from "../errors.ts";
import type { OpenCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { reduceInThreads } from "../threads/reduceInThreads.ts";
import { reasonOf } from "./reducibleTensors.ts";
import type { ReducibleTensor } from "./reducibleTensors.ts";
import type { TensorSpan } from "../threads/threadPlan.ts";

/** All of a tensor's chunks, or some of them. */
export interface Work extends TensorSpan, ReducibleTensor {}

export interface ReductionTools<W extends Work = Work> {
  readonly checkpoint: Pick<OpenCheckpoint, "fileOf">;
  readonly engine: ReductionEngine;
  readonly threads: number;
  readonly isFull: boolean;
  readonly signal: AbortSignal | undefined;
  /** Called now and then with the bytes of the work that is not finished yet. */
  readonly onAdvance: (bytes: number) => void;
  readonly onSums: (work: W, sums: SpanSums) => void;
  /** Hears why a tensor's data give no norms. */
  readonly onDamage: (work: W, why: string) => void;
}

/** On the CPU every thread has an engine and the file of its own; a GPU is fed by one. */
export function isThreaded({ engine }: Pick<ReductionTools, "engine">): boolean {
  return engine.name !== "script" && engine.device === "cpu";
}

/** Reduces tensors of a checkpoint, or spans of them. Rejects when a read fails. */
export async function reduceCheckpoint<W extends Work>(works: readonly W[], tools: ReductionTools<W>): Promise<void> {
  const hasThreads = isThreaded(tools);
  const shared = works.filter(({ isPlain }) => hasThreads && isPlain);
  const { fileOf } = tools.checkpoint;
  await reduceInThreads(shared, { ...tools, fileOf, onSpan: tools.onSums });
  for (const work of works) {
    if (!hasThreads || !work.isPlain) {
      await reduceByEngine(work, tools);
    }
  }
}

async function reduceByEngine<W extends Work>(work: W, tools: ReductionTools<W>): Promise<void> {
  const { checkpoint, engine, isFull, signal } = tools;
  const { entry, chunks } = work;
  const collector = createSpanCollector(entry, { isStart: chunks.first === 0, isFull });
  const opener = createPartOpener();
  try {
    const reduced = await reduceTensor(
      engine,
      { entry, chunks, open: (part) => opener.open(part, checkpoint.fileOf(part).readInto) },
      {
        onProgress: tools.onAdvance,
        onChunk: ({ chunk, statistics, times }) =>
          collector.add(statistics, isFull ? fullSumsOf(chunk) : undefined, times),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    if (reduced.kind === "ok") {
      tools.onSums(work, collector.finish());
    } else {
      tools.onDamage(work, reasonOf(reduced));
    }
  } catch (error) {
    // Damaged data of one tensor say nothing of the others; a file that cannot be read any more does.
    if (signal?.aborted === true || !isDamage(error)) {
      throw error;
    }
    tools.onDamage(work, describeError(error));
  } finally {
    await opener.close();
  }
}
