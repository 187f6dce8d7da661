import type { Severity } from "./rules.ts";

/** Rules that judge checkpoints, not series. */
export type CheckpointRule = "GN206" | "GN301" | "GN303" | "GN501" | "GN502" | "GN504" | "GN505" | "GN601" | "GN602";

/** One thing that is odd in a checkpoint, or between two. */
export interface CheckpointFinding {
  readonly rule: CheckpointRule;
  readonly severity: Severity;
  /** Null for the whole checkpoint; of a depth trend the name with `*` for the block. */
  readonly tensor: string | null;
  readonly value: number;
  /** What it was measured against. */
  readonly limit: number;
  /** One sentence for people. */
  readonly message: string;
}
