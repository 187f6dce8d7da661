import { formatCount } from "#core/format.ts";
import type { Unreadable } from "../runs/loadRuns.ts";
import { printable } from "./terminalText.ts";

/** One line of text for each file: its first problem, and how many more there are. */
export function describeUnreadable(unreadable: readonly Unreadable[]): string[] {
  const byFile = Map.groupBy(unreadable, ({ path }) => path);
  return Array.from(byFile.values(), (problems) => {
    const [first] = problems;
    const more = problems.reduce((sum, { count = 1 }) => sum + count, 0) - 1;
    const said = first?.line === undefined ? first?.reason : `${first.path}:${first.line}: ${first.reason}`;
    return printable(
      `${said ?? ""}${more > 0 ? ` ${formatCount(more, "more line")} of this file could not be read.` : ""}`,
    );
  });
}
