import type { RuleId, Severity } from "#core/rules.ts";

/** The norms logged at one step, as columns of equal length: only tensors that were measured, in the roster's order. */
export interface TensorRow {
  readonly step: number;
  /** Their numbers in the roster. */
  readonly tensors: readonly number[];
  /** NaN and ±Infinity included. */
  readonly norms: readonly number[];
  /** Zero-based lines of the log. */
  readonly lines: readonly number[];
}

/** A row with what several rules ask of it. */
export interface JudgedRow extends TensorRow {
  /** Sum of the squared norms, tied tensors counted once; NaN when a norm is not finite. */
  readonly total: number;
  /** Shares of the total can be compared with those of the rows before: nearly all tensors were measured. */
  readonly isWhole: boolean;
}

/** Something a rule objects to, with the tensors by their numbers. */
export interface TensorEpisode {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** The ones it speaks of, the most telling first. */
  readonly tensors: readonly number[];
  readonly start: number;
  readonly peak: number;
  readonly end: number | null;
  readonly value: number;
  readonly limit: number;
  readonly message: string;
  /** Zero-based line of the first tensor's sample at the peak. */
  readonly line: number;
}

/** A rule over the rows of a run, from its first step to its last. */
export interface TensorRule {
  readonly push: (row: JudgedRow) => void;
  readonly episodes: () => readonly TensorEpisode[];
  /** One that knows the same and goes its own way: rows that may still change are tried on a copy. */
  readonly copy: () => TensorRule;
}
