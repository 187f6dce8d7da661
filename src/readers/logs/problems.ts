import type { LogProblem } from "#core/log.ts";

// A file of another format that was taken for a log would give one problem per line.
const MAX_PROBLEMS = 100;

export interface ProblemList {
  readonly add: (line: number, reason: string) => void;
  readonly finish: () => LogProblem[];
}

/** Keeps the first problems and counts the others. */
export function createProblemList(): ProblemList {
  const kept: LogProblem[] = [];
  let left: { line: number; count: number } | null = null;
  return {
    add(line, reason) {
      if (kept.length < MAX_PROBLEMS) {
        kept.push({ line, reason });
      } else {
        left = { line: left?.line ?? line, count: (left?.count ?? 0) + 1 };
      }
    },
    finish() {
      return left === null ? kept : [...kept, { line: left.line, reason: `${left.count} more lines have problems.` }];
    },
  };
}
