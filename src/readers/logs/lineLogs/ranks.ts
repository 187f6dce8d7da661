import { rankOfOther } from "./lineRecord.ts";
import type { LineRecord, Metrics } from "./lineRecord.ts";
import { printedState, readState } from "./rankState.ts";

/**
 * Sorts out the lines of several processes in one file. What all of them print alike is kept once. One of them is the
 * run's own; norms and losses that another prints differently become series of that rank.
 */
export interface RankSorter {
  readonly sort: (record: LineRecord) => void;
  /**
   * The step of the last record, if one of the rank at another step can only be the next of the run's own: nothing to
   * compare it with, nothing waits for it. Else null.
   */
  readonly stepBeforeNext: (rank: string | null) => number | null;
  /** Notes the last one of such records, which went past the sorter. */
  readonly noteNext: (step: number, read: () => Pick<LineRecord, "samples">) => void;
  /** What must be remembered, for JSON. */
  readonly state: () => unknown;
}

/** Takes a record of the run's own, or of another rank, which is then named. */
export type RecordSink = (record: LineRecord, otherRank: string | null) => void;

// They are remembered between two reads.
const MAX_WAITING = 64;

export function createRankSorter(earlier: unknown, add: RecordSink): RankSorter {
  let { rank: ownRank, step: lastStep } = readState(earlier);
  const { metrics: lastMetrics, waiting } = readState(earlier);
  let readLast: () => Metrics = () => lastMetrics;

  function addOwn(record: LineRecord): void {
    const metrics = metricsOf(record);
    if (record.step !== lastStep || !isSame(metrics, readLast())) {
      add(record, null);
    }
    lastStep = record.step;
    readLast = () => metrics;
    for (const other of [...waiting.values()].filter(({ step }) => step <= record.step)) {
      waiting.delete(rankOfOther(other));
      addOther(other);
    }
  }

  /** What the run's own record at the step says as well goes. */
  function addOther(record: LineRecord): void {
    const own = record.step === lastStep ? readLast() : {};
    const samples = record.samples.filter(({ name, value, isMetric }) => isMetric && own[name] !== String(value));
    if (samples.length > 0) {
      add({ ...record, samples }, record.rank);
    }
  }

  /** Waits for the run's own record of the step. */
  function wait(record: LineRecord): void {
    const rank = rankOfOther(record);
    const before = waiting.get(rank);
    if (before !== undefined && before.step !== record.step) {
      // The run's own rank missed a step that this one printed: after a restart another one speaks for the run.
      ownRank = record.rank;
      waiting.delete(rank);
      addOwn(before);
      addOwn(record);
    } else if (before !== undefined || waiting.size < MAX_WAITING) {
      waiting.set(rank, { ...record, samples: [...(before?.samples ?? []), ...record.samples] });
    } else {
      addOther(record);
    }
  }

  function sort(record: LineRecord): void {
    ownRank ??= record.rank;
    if (record.rank === ownRank || record.rank === null) {
      addOwn(record);
    } else if (record.step === lastStep) {
      addOther(record);
    } else {
      wait(record);
    }
  }

  return {
    sort,
    stepBeforeNext: (rank) => ((rank === ownRank || rank === null) && waiting.size === 0 ? lastStep : null),
    noteNext(step, read) {
      lastStep = step;
      readLast = () => metricsOf(read());
    },
    state: () => printedState({ rank: ownRank, step: lastStep, metrics: readLast(), waiting }),
  };
}

/** A record without norms and losses is told by all it has. */
function metricsOf({ samples }: Pick<LineRecord, "samples">): Metrics {
  const metrics = samples.filter(({ isMetric }) => isMetric);
  const told = metrics.length > 0 ? metrics : samples;
  return Object.fromEntries(told.map(({ name, value }) => [name, String(value)]));
}

function isSame(a: Metrics, b: Metrics): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
