import type { Finding } from "#core/finding.ts";
import { describeCulprits } from "./blame.ts";
import type { Episode } from "./rule.ts";

export interface FindingContext {
  /** The log whose sample at a step counts. */
  readonly pathAt: (step: number) => string;
  /** Norms of the single tensors at a step; empty where the log has none. */
  readonly tensorNormsAt: (step: number) => ReadonlyMap<string, number>;
}

/** Episodes of a run's global norm as findings: with the tensors behind them and the log line that shows them. */
export function findingsOf(episodes: readonly Episode[], context: FindingContext): readonly Finding[] {
  return episodes.map(({ rule, severity, line, message, index: _, ...episode }) => ({
    rule,
    severity,
    tensor: null,
    ...episode,
    message: [message, describeCulprits(context.tensorNormsAt(episode.peak))].join(" ").trimEnd(),
    source: { path: context.pathAt(episode.peak), line: line + 1 },
  }));
}
