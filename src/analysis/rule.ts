import type { RuleId, Severity } from "#core/finding.ts";

/** One logged global norm, in the order of the log. */
export interface NormPoint {
  readonly step: number;
  /** NaN and ±Inf included; a missing value is no point. */
  readonly value: number;
  /** Zero-based line of the log. */
  readonly line: number;
  /** Undefined when the log has none at this step. */
  readonly learningRate: number | undefined;
}

/** One stretch of steps a rule objects to; changed in place while it lasts. */
export interface Episode {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly start: number;
  readonly peak: number;
  readonly end: number | null;
  readonly value: number;
  readonly limit: number;
  readonly message: string;
  /** Zero-based line that shows it best. */
  readonly line: number;
}

/** A rule reads points one after the other; reading them all at once or as they come gives the same episodes. */
export interface Rule {
  readonly push: (point: NormPoint) => void;
  readonly episodes: () => readonly Episode[];
}
