import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import type { TabContext } from "./tabContext.ts";

/** Answers the tab "Tensors". */
export function answerTensors(_request: FromTensors, _context: TabContext<ToTensors>): void {
  // It has nothing to ask yet.
}
