import type { Finding } from "#core/finding.ts";
import { WORST_FIRST } from "#core/rules.ts";
import type { Severity } from "#core/rules.ts";
import { isRecord } from "../../shared/tableState.ts";

/** Which findings are listed. */
export interface FindingsFilter {
  readonly hidden: readonly Severity[];
  /** Only this rule; empty for all. */
  readonly rule: string;
}

export const ALL_FINDINGS: FindingsFilter = { hidden: [], rule: "" };

export function keepsFinding({ hidden, rule }: FindingsFilter, finding: Finding): boolean {
  return !hidden.includes(finding.severity) && (rule === "" || finding.rule === rule);
}

/** What was stored, checked; what does not fit is as at first. */
export function parseFindingsFilter(stored: unknown): FindingsFilter {
  if (!isRecord(stored)) {
    return ALL_FINDINGS;
  }
  const { hidden, rule } = stored;
  return {
    hidden: Array.isArray(hidden) ? WORST_FIRST.filter((severity) => hidden.includes(severity)) : [],
    rule: typeof rule === "string" ? rule : "",
  };
}

/** How many findings each severity or rule has, in the order of `keyOf`'s first appearance. */
export function countBy(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const key = keyOf(finding);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
