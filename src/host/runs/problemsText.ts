import type { LogProblem } from "#core/log.ts";
import { summariseProblems } from "#core/problems.ts";
import { t } from "@vscode/l10n";

/** What a log's unread lines are told by: how many there are, and the first of them. Undefined when all were read. */
export function describeProblems(
  problems: readonly LogProblem[],
): { readonly short: string; readonly long: string } | undefined {
  const summary = summariseProblems(problems);
  if (summary === undefined) {
    return undefined;
  }
  const { count, first } = summary;
  return {
    short: count === 1 ? t("1 line not read") : t("{0} lines not read", count),
    long: count === 1 ? first.reason : withOthers(first.reason, count - 1),
  };
}

function withOthers(reason: string, others: number): string {
  return others === 1
    ? t("{0} (1 more line of this log could not be read)", reason)
    : t("{0} ({1} more lines of this log could not be read)", reason, others);
}
