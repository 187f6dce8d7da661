export type Severity = "info" | "warning" | "error";

/** One thing wrong with a run. One finding per episode, not per step. Steps are the run's own. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Null for the global norm. */
  readonly tensor: string | null;
  readonly start: number;
  readonly peak: number;
  /** Null while the episode lasts. */
  readonly end: number | null;
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

export type RuleId = "GN101" | "GN201" | "GN206";

export const RULE_NAMES: Readonly<Record<RuleId, string>> = {
  GN101: "non-finite norm",
  GN201: "spike",
  GN206: "zero norm",
};
