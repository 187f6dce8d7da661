import type { RuleId } from "#core/rules.ts";

export interface DetectorOptions {
  readonly enabled: ReadonlySet<RuleId>;
  /** The clip threshold in force; undefined when nothing tells it. */
  readonly threshold?: number | undefined;
  /** False where steps count samples, tokens or epochs, of which no one expects each to be logged. */
  readonly countsSteps?: boolean;
  /** Whether the log was written after clipping; asked only where a rule depends on it. */
  readonly clipState?: () => "pre" | "post" | "undetermined";
}
