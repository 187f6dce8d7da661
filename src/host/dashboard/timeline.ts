import type { FromTimeline, ToTimeline } from "#protocol/dashboard/timeline.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Timeline". */
export function answerTimeline(_request: FromTimeline, _context: TabContext<ToTimeline>): void {
  // It has nothing to ask yet.
}
