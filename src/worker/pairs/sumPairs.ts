import { isDamage } from "#codings/damage.ts";
import { createPartOpener } from "#codings/partOpener.ts";
import { layoutsOf } from "#reduction/layout.ts";
import { addSums, noSums, PAIR_FIELDS } from "#reduction/pairs/measure.ts";
import type { PairMeasure, PairSums } from "#reduction/pairs/measure.ts";
import { createPairReducer } from "#reduction/pairs/pairReducer.ts";
import type { PairReducer } from "#reduction/pairs/pairReducer.ts";
import { reducePair } from "#reduction/pairs/reducePair.ts";
import { t } from "@vscode/l10n";
import { describeError } from "../errors.ts";
import { waitingThreads } from "../threads/threadPool.ts";
import { runThreads } from "../threads/threads.ts";
import { batchCount, isBatchDone, isStarted } from "../threads/threadTask.ts";
import { planPairs } from "./pairPlan.ts";
import type { FileOfSide, PairPlan, TensorPair } from "./pairPlan.ts";
import { PIECE_FIELDS, SIDE_FIELDS } from "./pairTask.ts";
import { sumPairBatches } from "./sumPairBatches.ts";

export interface PairsOptions<P extends TensorPair = TensorPair> {
  readonly measure: PairMeasure;
  /** The open files of either side. */
  readonly fileOf: FileOfSide;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the bytes that are done. */
  readonly onAdvance: (bytes: number) => void;
  /** Hears of each pair in their order its sums, which are there until it returns, or why it has none. */
  readonly onSums: (pair: P, sums: PairSums | string) => void;
}

/** Sums over each pair. The same bits for every number of threads. Rejects when a read fails or the signal is aborted. */
export async function sumPairs<P extends TensorPair>(pairs: readonly P[], options: PairsOptions<P>): Promise<void> {
  const { measure, fileOf, onSums } = options;
  const reducer = await createPairReducer();
  const plan = planPairs(pairs, measure, fileOf);
  await sumInThreads(plan, reducer, options);
  const total = noSums();
  for (const [at, pair] of pairs.entries()) {
    if (plan.others.has(at)) {
      onSums(pair, await sumHere(pair, reducer, options));
    } else {
      sumPieces(total, plan, at);
      onSums(pair, total);
    }
  }
}

// Often enough for a smooth bar.
const LOOK_MS = 50;

/** Each further thread takes 30 ms to start, in which this one does some hundred megabytes. */
const BATCHES_ALONE = 8;

async function sumInThreads(
  plan: PairPlan,
  reducer: PairReducer,
  { threads, signal, onAdvance }: Omit<PairsOptions, "onSums">,
): Promise<void> {
  const { task, sources } = plan;
  const isWorthIt = batchCount(task) > BATCHES_ALONE || waitingThreads() > 0;
  const isAlone = !plan.hasManySmall && !(threads > 1 && isWorthIt);
  const look = (): void => onAdvance(bytesDone(plan));
  const timer = setInterval(look, LOOK_MS);
  try {
    await runThreads(task, {
      threads: isAlone ? 0 : threads,
      signal,
      own: async () =>
        sumPairBatches(task, {
          reducer,
          readInto: async (file, target, offset) => sources[file]?.readInto(target, offset),
          readsAhead: isAlone,
          isNeeded: () => isAlone || !isStarted(task),
        }),
    });
  } finally {
    clearInterval(timer);
  }
  look();
}

function bytesDone({ task }: PairPlan): number {
  let bytes = 0;
  for (let batch = 0; batch < batchCount(task); batch += 1) {
    if (isBatchDone(task, batch)) {
      for (let piece = task.batches[batch] ?? 0; piece < (task.batches[batch + 1] ?? 0); piece += 1) {
        const at = piece * PIECE_FIELDS + 2;
        bytes += (task.pieces[at] ?? 0) + (task.pieces[at + SIDE_FIELDS] ?? 0);
      }
    }
  }
  return bytes;
}

function sumPieces(total: PairSums, { task, firstPieces }: PairPlan, pair: number): void {
  total.fill(0);
  for (let piece = firstPieces[pair] ?? 0; piece < (firstPieces[pair + 1] ?? 0); piece += 1) {
    addSums(total, task.results.subarray(piece * PAIR_FIELDS, (piece + 1) * PAIR_FIELDS));
  }
}

/** A pair that has views, codings or shards of columns. */
async function sumHere(
  { entries: [one, other], scales }: TensorPair,
  reducer: PairReducer,
  { measure, fileOf, signal }: Omit<PairsOptions, "onSums">,
): Promise<PairSums | string> {
  const openers = [createPartOpener(), createPartOpener()] as const;
  try {
    const summed = await reducePair(
      reducer,
      {
        tensors: [
          { entry: one, layouts: layoutsOf(one) },
          { entry: other, layouts: layoutsOf(other) },
        ],
        open: [
          (part) => openers[0].open(part, fileOf[0](part).readInto),
          (part) => openers[1].open(part, fileOf[1](part).readInto),
        ],
      },
      { measure, scales, signal },
    );
    return summed.kind === "ok" ? summed.value : (summed.what ?? t("It is not complete."));
  } catch (error) {
    // Damaged data of one tensor say nothing of the others; a file that cannot be read any more does.
    if (signal?.aborted === true || !isDamage(error)) {
      throw error;
    }
    return describeError(error);
  } finally {
    await Promise.all(openers.map(async (opener) => opener.close()));
  }
}
