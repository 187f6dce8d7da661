import { LOG_FORMATS_BY_PRECISION } from "#core/log.ts";
import type { ClipThreshold, LogBatch, LogFormat, LogProblem } from "#core/log.ts";
import type { CheckpointFile, LogFile, RunFiles } from "#core/run.ts";
import type { SeriesKind } from "#core/series.ts";
import type { CheckpointSummary } from "./checkpointSummary.ts";
import { createSeries } from "./series.ts";
import type { Series } from "./series.ts";

/** One log of a run with the series read from it. */
export interface LogRecord {
  readonly path: string;
  readonly format: LogFormat;
  readonly series: readonly Series[];
  readonly clipThreshold: ClipThreshold | null;
  readonly problems: readonly LogProblem[];
}

/** All that is known of one training. The same training logged in several files is one run. */
export interface Run {
  /** The run's folder. */
  readonly id: string;
  readonly logs: () => readonly LogRecord[];
  readonly checkpoints: () => readonly CheckpointFile[];
  readonly setFiles: (files: RunFiles) => void;
  readonly append: (log: LogFile, batch: LogBatch) => void;
  /** Every series once, from the most precise log that has it, with that log's path. */
  readonly series: () => readonly SourcedSeries[];
  /** The first series of a kind; undefined when no log has one. */
  readonly first: (kind: SeriesKind) => SourcedSeries | undefined;
  readonly tensors: () => ReadonlyMap<string, SourcedSeries>;
  /** Norms of the tensors logged at a step. One without a value there is left out: it was not measured. */
  readonly tensorNormsAt: (step: number) => ReadonlyMap<string, number>;
  readonly clipThreshold: () => ClipThreshold | null;
  /** Norms computed from a checkpoint file, by path. */
  readonly summaries: Map<string, CheckpointSummary>;
}

export interface SourcedSeries extends Series {
  readonly path: string;
}

interface MutableLog extends LogRecord {
  readonly byName: Map<string, SourcedSeries>;
  clipThreshold: ClipThreshold | null;
  problems: LogProblem[];
}

// Enough to show what is wrong with a log; a binary file read as text could give one per line.
const MAX_PROBLEMS_PER_LOG = 100;

export function createRun(id: string): Run {
  const logs = new Map<string, MutableLog>();
  let checkpoints: readonly CheckpointFile[] = [];
  let shown: ReadonlyMap<string, SourcedSeries> | undefined;

  const series = (): ReadonlyMap<string, SourcedSeries> => (shown ??= mostPrecise(logs.values()));

  return {
    id,
    logs: () => [...logs.values()].toSorted(byPrecision),
    checkpoints: () => checkpoints,
    setFiles(files) {
      checkpoints = files.checkpoints;
    },
    append(file, batch) {
      const known = batch.restarted ? undefined : logs.get(file.path);
      const log = known ?? createLog(file);
      logs.set(file.path, log);
      const seriesBefore = log.byName.size;
      appendBatch(log, batch);
      if (known === undefined || log.byName.size > seriesBefore) {
        shown = undefined;
      }
    },
    series: () => [...series().values()],
    first: (kind) => [...series().values()].find((one) => one.key.kind === kind),
    tensors: () => tensorsOf(series().values()),
    tensorNormsAt: (step) => normsAt(tensorsOf(series().values()), step),
    clipThreshold: () =>
      [...logs.values()].toSorted(byPrecision).find((log) => log.clipThreshold !== null)?.clipThreshold ?? null,
    summaries: new Map(),
  };
}

function createLog(file: LogFile): MutableLog {
  const byName = new Map<string, SourcedSeries>();
  return {
    ...file,
    byName,
    get series() {
      return [...byName.values()];
    },
    clipThreshold: null,
    problems: [],
  };
}

function appendBatch(log: MutableLog, batch: LogBatch): void {
  for (const chunk of batch.chunks) {
    let series = log.byName.get(chunk.name);
    if (series === undefined) {
      const { kind, name, tensor, file } = chunk;
      const path = file === undefined ? log.path : `${log.path}/${file}`;
      series = { ...createSeries({ kind, name, tensor }), path };
      log.byName.set(name, series);
    }
    series.append(chunk);
  }
  log.clipThreshold ??= batch.clipThreshold;
  log.problems = [...log.problems, ...batch.problems].slice(0, MAX_PROBLEMS_PER_LOG);
}

/** One series per kind and name or tensor: `grad_norm` of a console and of a JSONL are the same norm. */
function mostPrecise(logs: Iterable<MutableLog>): ReadonlyMap<string, SourcedSeries> {
  const chosen = new Map<string, SourcedSeries>();
  const takenKinds = new Map<string, string>();
  for (const log of [...logs].toSorted(byPrecision)) {
    for (const series of log.byName.values()) {
      const { kind, name, tensor } = series.key;
      const identity = tensor ?? (kind === "other" ? name : kind);
      const takenBy = takenKinds.get(identity);
      if (takenBy === undefined || takenBy === log.path) {
        takenKinds.set(identity, log.path);
        chosen.set(`${kind} ${name}`, series);
      }
    }
  }
  return chosen;
}

/** Equally precise logs are ordered by path: which of them was read first is chance. */
function byPrecision(a: LogRecord, b: LogRecord): number {
  const difference = LOG_FORMATS_BY_PRECISION.indexOf(a.format) - LOG_FORMATS_BY_PRECISION.indexOf(b.format);
  return difference === 0 ? Number(a.path > b.path) - Number(a.path < b.path) : difference;
}

function tensorsOf(series: Iterable<SourcedSeries>): ReadonlyMap<string, SourcedSeries> {
  const tensors = new Map<string, SourcedSeries>();
  for (const one of series) {
    if (one.key.tensor !== null) {
      tensors.set(one.key.tensor, one);
    }
  }
  return tensors;
}

function normsAt(tensors: ReadonlyMap<string, Series>, step: number): ReadonlyMap<string, number> {
  const norms = new Map<string, number>();
  for (const [tensor, series] of tensors) {
    const norm = series.valueAt(step);
    if (norm !== undefined) {
      norms.set(tensor, norm);
    }
  }
  return norms;
}
