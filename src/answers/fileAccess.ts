import type { AdamState } from "#core/comparison.ts";
import type { IgnorableFinding } from "#core/config.ts";
import type { Finding } from "#core/finding.ts";
import type { LogBatch, LogPosition } from "#core/log.ts";
import type { Place } from "#core/place.ts";
import type { RuleId } from "#core/rules.ts";
import type { RunFiles } from "#core/run.ts";
import type { GlobalNorms, TensorDescription, TensorKind, TensorNorms } from "#core/tensor.ts";
import type { Run } from "#store/run.ts";

/** A run that is followed, with the findings on it as people read them. */
export interface FollowedRun {
  readonly run: Run;
  readonly findings: readonly Finding[];
  /** What is to be known of its logs, in English. */
  readonly notes: readonly string[];
  /** Whether the messages of its findings are English. */
  readonly isEnglish: boolean;
}

/** What people want of the runs in a folder: as `gradlens.config.json` says and, in the editor, the settings. */
export interface RunChoices {
  readonly rules: ReadonlySet<RuleId>;
  readonly isIgnored: (finding: IgnorableFinding) => boolean;
  /** The user's own patterns for lines of logs. */
  readonly logPatterns: readonly string[];
}

export interface FoundRuns {
  readonly runs: readonly RunFiles[];
  /** The limit at which the search stopped, so that there may be more. */
  readonly truncated: "entries" | "time" | false;
}

export interface ListedCheckpoint {
  readonly format: string;
  readonly bytes: number;
  readonly tensors: readonly TensorDescription[];
  readonly notes: readonly string[];
}

export interface MeasuredCheckpoint {
  readonly format: string;
  readonly bytes: number;
  readonly tensors: readonly TensorNorms[];
  readonly globals: Readonly<Partial<Record<TensorKind, GlobalNorms>>>;
  readonly notes: readonly string[];
}

export type ReadLog = (path: string, position: LogPosition | null, logPatterns: readonly string[]) => Promise<LogBatch>;

/** What answers are made from. It reads and never writes; each method rejects once the question is cancelled. */
export interface FileAccess {
  /** The folders and files it may read. */
  readonly roots: readonly string[];
  readonly nowMs: number;
  /** Samples of one run that are kept one by one. */
  readonly maxSamples: number;
  /** Null for a path that is not there or, after links, not inside of the roots. A relative one is looked for in each root. */
  readonly locate: (paths: readonly string[]) => Promise<readonly (Place | null)[]>;
  /** What holds for a folder, or for what lies beside a file. Rejects when it is written with a mistake. */
  readonly choicesFor: (path: string) => Promise<RunChoices>;
  readonly discoverRuns: (folder: string, logPatterns: readonly string[]) => Promise<FoundRuns>;
  readonly readLog: ReadLog;
  /** A last line without its newline, where logs are read as they stand. */
  readonly readLastLine?: (path: string, position: LogPosition, logPatterns: readonly string[]) => Promise<LogBatch>;
  readonly indexCheckpoint: (path: string, takenAs: TensorKind | undefined) => Promise<ListedCheckpoint>;
  readonly computeNorms: (path: string, takenAs: TensorKind | undefined) => Promise<MeasuredCheckpoint>;
  /** Norms of a checkpoint that has not changed since they were computed; null where there are none. It reads no tensor. */
  readonly knownNorms?: (path: string, takenAs: TensorKind | undefined) => Promise<MeasuredCheckpoint | null>;
  /** Adam's moments, which takes reading them; null where there are none. */
  readonly measureAdam: (path: string) => Promise<AdamState | null>;
  /** A run that is read already. */
  readonly followed?: (folder: string) => FollowedRun | undefined;
  /** Lets others have their turn in a long computation. */
  readonly pause: () => Promise<void>;
}
