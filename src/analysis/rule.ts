import type { Finding } from "#core/finding.ts";

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

/** One stretch of steps a rule objects to: a finding without the tensors behind it; changed in place while it lasts. */
export interface Episode extends Omit<Finding, "tensor" | "source"> {
  /** Zero-based line of the log that shows it best. */
  readonly line: number;
}

/** A rule reads points one after the other; reading them all at once or as they come gives the same episodes. */
export interface Rule {
  readonly push: (point: NormPoint) => void;
  readonly episodes: () => readonly Episode[];
}
