import { formatCount } from "#core/format.ts";
import type { LogProblem } from "#core/log.ts";
import { summariseProblems } from "#core/problems.ts";

/** What a log's unread lines are told by: how many there are, and the first of them. Undefined when all were read. */
export function describeProblems(
  problems: readonly LogProblem[],
): { readonly short: string; readonly long: string } | undefined {
  const summary = summariseProblems(problems);
  if (summary === undefined) {
    return undefined;
  }
  const { count, first } = summary;
  const lines = formatCount(count, "line");
  const others = count === 1 ? "" : ` (${formatCount(count - 1, "more line")} of this log could not be read)`;
  return { short: `${lines} not read`, long: `${first.reason}${others}` };
}
