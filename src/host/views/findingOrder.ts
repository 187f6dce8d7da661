import type { Finding } from "#core/finding.ts";
import { WORST_FIRST } from "#core/rules.ts";
import type { Run } from "#store/run.ts";

export interface RunFinding {
  readonly run: Run;
  readonly finding: Finding;
  /** Unique among all, and the same while an episode lasts. */
  readonly id: string;
}

export const FINDING_GROUPINGS = ["severity", "run"] as const;
export type FindingGrouping = (typeof FINDING_GROUPINGS)[number];

export interface FindingGroup {
  /** A severity, or the id of a run. */
  readonly key: string;
  readonly findings: readonly RunFinding[];
}

/** Run by run, in the order of steps. */
export function listFindings(runs: readonly Run[], of: (run: Run) => readonly Finding[]): readonly RunFinding[] {
  const seen = new Map<string, number>();
  return runs.flatMap((run) =>
    of(run).map((finding) => {
      const name = [run.id, finding.rule, finding.tensor ?? "", finding.start].join("\n");
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return { run, finding, id: `${name}\n${count}` };
    }),
  );
}

export function groupFindings(findings: readonly RunFinding[], grouping: FindingGrouping): readonly FindingGroup[] {
  if (grouping === "run") {
    return Array.from(
      Map.groupBy(findings, ({ run }) => run.id),
      ([key, own]) => ({ key, findings: own }),
    );
  }
  return WORST_FIRST.map((key) => ({
    key,
    findings: findings.filter(({ finding }) => finding.severity === key),
  })).filter((group) => group.findings.length > 0);
}

/** Where people are: the cursor in a log, and the finding that they went to last. */
export interface Whereabouts {
  /** One-based. */
  readonly cursor?: { readonly path: string; readonly line: number };
  readonly lastId?: string;
}

/** The finding after or before where people are; after the last one comes the first. Undefined when there is none. */
export function neighbour(
  findings: readonly RunFinding[],
  direction: "next" | "previous",
  { cursor, lastId }: Whereabouts,
): RunFinding | undefined {
  const ordered = direction === "next" ? findings : findings.toReversed();
  const isPast = (line: number, at: number): boolean => (direction === "next" ? line > at : line < at);
  const inFile = ordered.filter(({ finding }) => finding.source.path === cursor?.path);
  const beyond = inFile.find(({ finding }) => cursor !== undefined && isPast(finding.source.line, cursor.line));
  const last = inFile.at(-1) ?? ordered.find(({ id }) => id === lastId);
  return beyond ?? ordered[last === undefined ? 0 : (ordered.indexOf(last) + 1) % ordered.length];
}
