import type { FromClipping, ToClipping } from "#protocol/dashboard/clipping.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Clipping". */
export function answerClipping(_request: FromClipping, _context: TabContext<ToClipping>): void {
  // It has nothing to ask yet.
}
