import type { LogProblem } from "./log.ts";

// Enough to show what is wrong with a log; a file of another format that was taken for one gives a problem per line.
const MAX_PROBLEMS = 100;

export interface ProblemList {
  readonly add: (line: number, reason: string) => void;
  /** Adds what another list has kept. */
  readonly addAll: (problems: readonly LogProblem[]) => void;
  readonly finish: () => LogProblem[];
}

/** Keeps the first problems and counts the others. */
export function createProblemList(): ProblemList {
  const kept: LogProblem[] = [];
  let left: { line: number; count: number } | null = null;

  function add(problem: LogProblem): void {
    if (kept.length < MAX_PROBLEMS && problem.count === undefined) {
      kept.push(problem);
    } else {
      left = { line: left?.line ?? problem.line, count: (left?.count ?? 0) + (problem.count ?? 1) };
    }
  }

  return {
    add: (line, reason) => add({ line, reason }),
    addAll: (problems) => problems.forEach(add),
    finish: () =>
      left === null ? [...kept] : [...kept, { ...left, reason: `${left.count} more lines have problems.` }],
  };
}

/** How many lines have problems, with the first as the example; undefined when none has. */
export function summariseProblems(
  problems: readonly LogProblem[],
): { readonly count: number; readonly first: LogProblem } | undefined {
  const [first] = problems;
  const count = problems.reduce((sum, problem) => sum + (problem.count ?? 1), 0);
  return first === undefined ? undefined : { count, first };
}
