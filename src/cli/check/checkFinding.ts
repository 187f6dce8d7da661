import { resolve } from "node:path";
import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { Finding } from "#core/finding.ts";

/** A finding on a log or on a checkpoint. */
export interface CheckFinding extends Omit<Finding, "start" | "peak" | "source"> {
  /** The run's own steps; null for a checkpoint whose name tells none. */
  readonly start: number | null;
  readonly peak: number | null;
  readonly source: {
    readonly path: string;
    /** One-based; null in files that have no lines. */
    readonly line: number | null;
  };
}

export function ofCheckpoint(finding: CheckpointFinding, path: string, step: number | null): CheckFinding {
  const { rule, severity, tensor, value, limit, message } = finding;
  const steps = { start: step, peak: step, end: step };
  return { rule, severity, tensor, ...steps, value, limit, message, source: { path: resolve(path), line: null } };
}
