import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import type { ClipAdviser } from "./clipAdvice.ts";
import { answerClipping } from "./clipping.ts";
import { answerCompare } from "./compare.ts";
import type { TabContext } from "./tabContext.ts";
import { answerTensors } from "./tensors.ts";
import { answerTimeline } from "./timeline.ts";

/** What a tab asks for; everything else the page says is for others. */
export type TabRequest = Extract<FromDashboard, { readonly request: unknown }>;

export function isTabRequest(message: FromDashboard): message is TabRequest {
  return "request" in message;
}

/** Each tab is answered by a file of its own. */
export function answerTab(
  { kind, request }: TabRequest,
  { post, ...context }: TabContext<ToDashboard>,
  clipAdviser: ClipAdviser,
): void {
  switch (kind) {
    case "timeline":
      return answerTimeline(request, { ...context, post: (answer) => post({ kind, answer }) });
    case "tensors":
      return answerTensors(request, { ...context, post: (answer) => post({ kind, answer }) });
    case "clipping":
      return answerClipping(request, { ...context, post: (answer) => post({ kind, answer }) }, clipAdviser);
    case "compare":
      return answerCompare(request, { ...context, post: (answer) => post({ kind, answer }) });
  }
}
