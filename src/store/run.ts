import { t } from "@vscode/l10n";
import type { ClipThreshold, LogBatch, LogEnd } from "#core/log.ts";
import type { CheckpointFile, LogFile, RunFiles } from "#core/run.ts";
import type { SeriesKind } from "#core/series.ts";
import { createCapacity } from "./capacity.ts";
import { chainsOf } from "./chains.ts";
import type { CheckpointSummary } from "./checkpointSummary.ts";
import type { SourcedSeries } from "./series.ts";
import { createKeys } from "./keys.ts";
import { createJoiner } from "./joiner.ts";
import type { LogRecord } from "./log.ts";
import { createOvertaking } from "./overtaking.ts";
import { createRunLogs } from "./runLogs.ts";
import type { Change, RunLogs } from "./runLogs.ts";
import { chooseShown } from "./shown.ts";
import type { Shown } from "./shown.ts";

/** All that is known of one training. The same training logged in several files is one run. */
export interface Run {
  /** The run's folder. */
  readonly id: string;
  readonly logs: () => readonly LogRecord[];
  readonly checkpoints: () => readonly CheckpointFile[];
  /** A log that is no longer listed leaves with its series; true when one did. */
  readonly setFiles: (files: RunFiles) => boolean;
  /** What changed in what is shown: nothing while the start of a log is read whose end is shown. */
  readonly append: (log: LogFile, batch: LogBatch) => Change;
  /** Shows the end of a log in place of what was read of it, until a batch says that no more are waiting. */
  readonly showEnd: (log: LogFile, end: LogEnd) => void;
  /** The end of a log is shown and the rest still read: samples are missing, and lines are not known. */
  readonly isFilling: () => boolean;
  /** Every series once, from the log that has most of it, or from several logs that follow each other. */
  readonly series: () => readonly SourcedSeries[];
  /** Those of a kind, the most precise first. Of tens of thousands of series nearly all are norms of tensors: none is searched. */
  readonly ofKind: (kind: SeriesKind) => readonly SourcedSeries[];
  /** The first series of a kind; undefined when no log has one. */
  readonly first: (kind: SeriesKind) => SourcedSeries | undefined;
  readonly tensors: () => ReadonlyMap<string, SourcedSeries>;
  /** Norms of the tensors logged at a step. One without a value there is left out: it was not measured. */
  readonly tensorNormsAt: (step: number) => ReadonlyMap<string, number>;
  readonly clipThreshold: () => ClipThreshold | null;
  /** What people should know of the run's logs, in sentences. */
  readonly notes: () => readonly string[];
  /** Norms computed from a checkpoint file, by path. */
  readonly summaries: Map<string, CheckpointSummary>;
}

/** What is shown, and when to choose anew. */
interface Choice extends Omit<Shown, "before" | "leftOut"> {
  readonly byKind: ReadonlyMap<SeriesKind, readonly SourcedSeries[]>;
  readonly tensors: ReadonlyMap<string, SourcedSeries>;
  /** Logs whose growth moves samples that follow them. */
  readonly earlier: ReadonlySet<string>;
  /** Whether a log that has grown should be shown in place of another. */
  readonly isOvertaking: (path: string) => boolean;
  /** With twice the samples logs can be compared better. */
  readonly untilSamples: number;
}

export function createRun(id: string, maxSamples: () => number = () => Infinity, keys = createKeys()): Run {
  const logs = createRunLogs(keys);
  const gone = new Set<string>();
  const capacity = createCapacity(maxSamples);
  const join = createJoiner();
  let listed: readonly LogFile[] = [];
  let checkpoints: readonly CheckpointFile[] = [];
  let choice: Choice | undefined;

  const shown = (): Choice => {
    const untilSamples = logs.count() > 1 ? 2 * capacity.added() : Infinity;
    return (choice ??= { ...chooseFrom(logs, join), untilSamples });
  };

  function append(file: LogFile, batch: LogBatch): Change {
    if (gone.has(file.path)) {
      return "nothing"; // It was deleted while it was being read.
    }
    const { what, samples, isNew } = logs.append(file, batch);
    capacity.add(samples, logs.series);
    if (choice !== undefined && what !== "nothing" && (isNew || isOutdated(choice, file))) {
      choice = undefined;
    }
    return what;
  }

  const ofKind = (kind: SeriesKind): readonly SourcedSeries[] => shown().byKind.get(kind) ?? [];

  const isOutdated = ({ earlier, isOvertaking, untilSamples }: Choice, { path }: LogFile): boolean =>
    earlier.has(path) || isOvertaking(path) || capacity.added() >= untilSamples;

  function setFiles(files: RunFiles): boolean {
    const paths = new Set(files.logs.map(({ path }) => path));
    const left = listed.filter(({ path }) => !paths.has(path));
    listed = files.logs;
    checkpoints = files.checkpoints;
    paths.forEach((path) => gone.delete(path));
    left.forEach(({ path }) => gone.add(path));
    const dropped = left.filter(({ path }) => logs.remove(path));
    choice = dropped.length > 0 ? undefined : choice;
    return dropped.length > 0;
  }

  return {
    id,
    logs: logs.ordered,
    checkpoints: () => checkpoints,
    setFiles,
    append,
    showEnd(log, end) {
      logs.showEnd(log, end);
      choice = undefined;
    },
    isFilling: () => logs.filling().length > 0,
    series: () => shown().series,
    ofKind,
    first: (kind) => ofKind(kind)[0],
    tensors: () => shown().tensors,
    tensorNormsAt: (step) => normsAt(shown().tensors, step),
    clipThreshold: logs.clipThreshold,
    notes: () => [...logs.filling().map(noteOnFilling), ...capacity.notes(), ...shown().notes()],
    summaries: new Map(),
  };
}

function noteOnFilling(path: string): string {
  return t("Only the last part of {0} is shown; what comes before it is being read.", path);
}

function chooseFrom(logs: RunLogs, join: ReturnType<typeof createJoiner>): Omit<Choice, "untilSamples"> {
  const ordered = logs.ordered();
  const chains = chainsOf(ordered);
  const earlier = new Set(chains.flatMap((chain) => chain.slice(0, -1).map(({ path }) => path)));
  const { series, notes, before, leftOut } = chooseShown(chains, join, logs.isStale);
  const states = new Set(ordered.filter(({ format }) => format === "trainerState").map(({ path }) => path));
  const isOvertaking = createOvertaking(leftOut, (path) => states.has(path));
  return {
    series,
    byKind: Map.groupBy(series, ({ key }) => key.kind),
    tensors: tensorsOf(series),
    notes,
    earlier: new Set([...earlier, ...before]),
    isOvertaking,
  };
}

/** Of several series of a tensor the most precise, which comes first. */
function tensorsOf(series: readonly SourcedSeries[]): ReadonlyMap<string, SourcedSeries> {
  const tensors = new Map<string, SourcedSeries>();
  for (const one of series) {
    if (one.key.tensor !== null && !tensors.has(one.key.tensor)) {
      tensors.set(one.key.tensor, one);
    }
  }
  return tensors;
}

function normsAt(tensors: ReadonlyMap<string, SourcedSeries>, step: number): ReadonlyMap<string, number> {
  const norms = new Map<string, number>();
  for (const [tensor, series] of tensors) {
    const norm = series.valueAt(step);
    if (norm !== undefined) {
      norms.set(tensor, norm);
    }
  }
  return norms;
}
