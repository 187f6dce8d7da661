import type { RuleId, Severity } from "./rules.ts";
import type { Axis } from "./series.ts";

/** One thing wrong with a run. One finding per episode, not per step. Steps are the run's own. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Null for the global norm; the name of another one in a run that logs several. */
  readonly tensor: string | null;
  readonly start: number;
  readonly peak: number;
  /** Null while the episode lasts. */
  readonly end: number | null;
  /** What start, peak and end count, when it is not optimizer steps. */
  readonly axis?: Axis;
  /** The value at the peak. */
  readonly value: number;
  /** What it was measured against. */
  readonly limit: number;
  /** One sentence for people. */
  readonly message: string;
  readonly source: FindingSource;
}

export interface FindingSource {
  readonly path: string;
  /** One-based, as editors and people count. */
  readonly line: number;
}
