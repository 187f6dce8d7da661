import type { Finding } from "#core/finding.ts";
import type { RuleId } from "#core/rules.ts";
import type { Axis } from "#core/series.ts";
import type { Episode } from "./rules/rule.ts";

export interface FindingContext {
  /** What the steps count, when it is not optimizer steps. */
  readonly axis?: Axis | undefined;
  /** The log whose sample at a step counts. */
  readonly pathAt: (step: number) => string;
  /** Which tensors made the sample of a step and line, in sentences; empty where the log has no norms of tensors. */
  readonly describeTensors: (step: number, line: number) => string;
}

/** What can be laid to single tensors: norms that are broken or too large. */
const OF_TENSORS: ReadonlySet<RuleId> = new Set(["GN101", "GN201", "GN203", "GN204"]);

/** Episodes of a run's global norm as findings: with the tensors behind them and the log line that shows them. */
export function findingsOf(episodes: readonly Episode[], context: FindingContext): readonly Finding[] {
  return episodes.map(({ rule, severity, start, peak, end, value, limit, message, line }) => ({
    rule,
    severity,
    tensor: null,
    start,
    peak,
    end,
    ...withAxis(context.axis),
    value,
    limit,
    message: OF_TENSORS.has(rule) ? `${message} ${context.describeTensors(peak, line)}`.trimEnd() : message,
    source: { path: context.pathAt(peak), line: line + 1 },
  }));
}

/** The part of a finding that says what its steps count; nothing where that is what anyone expects. */
export function withAxis(axis: Axis | undefined): Pick<Finding, "axis"> {
  return axis === undefined ? {} : { axis };
}

/** As people read them: by their first step; of one step the global norm's before those of single tensors. */
export function inOrderOfSteps(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => a.start - b.start);
}
