import type { FromCompare, ToCompare } from "#protocol/dashboard/compare.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Compare". */
export function answerCompare(_request: FromCompare, _context: TabContext<ToCompare>): void {
  // It has nothing to ask yet.
}
