import type { FromDashboard } from "#protocol/dashboard.ts";
import type { Advice } from "#protocol/dashboard/clipping.ts";
import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import type { HostLink } from "../../shared/hostLink.ts";
import type { ToTab } from "../mountedTabs.ts";
import { createAsker } from "../tensors/asker.ts";

/** What the report asks the host for, besides what the tabs have asked. */
export interface ReportQuestions {
  /** The clipping advice; what the host was asked for the timeline before it has arrived then, too. */
  readonly advice: () => Promise<Advice>;
  readonly tensors: <Kind extends ToTensors["kind"]>(
    kind: Kind,
    request: (id: number) => FromTensors,
  ) => Promise<Extract<ToTensors, { kind: Kind }>>;
  readonly receive: (message: ToTab) => void;
}

export function createReportQuestions({ post }: Pick<HostLink<FromDashboard>, "post">): ReportQuestions {
  const asker = createAsker((request) => post({ kind: "tensors", request }));
  let waiting: readonly ((advice: Advice) => void)[] = [];
  return {
    advice: () =>
      new Promise((resolve) => {
        waiting = [...waiting, resolve];
        post({ kind: "timeline", request: { kind: "surroundings" } });
        post({ kind: "clipping", request: { kind: "advise", last: null, withWarmUp: false } });
      }),
    tensors: (kind, request) =>
      new Promise((resolve, reject) => {
        asker.ask("report", {
          request,
          receive: (answer) =>
            isOf(answer, kind) ? resolve(answer) : reject(new Error(`The host told ${answer.kind}.`)),
        });
      }),
    receive(message) {
      if (message.kind === "tensors") {
        asker.receive(message.answer);
      } else if (message.kind === "clipping" && message.answer.kind === "advice") {
        const { answer } = message;
        waiting.forEach((resolve) => resolve(answer));
        waiting = [];
      }
    },
  };
}

function isOf<Kind extends ToTensors["kind"]>(
  answer: ToTensors,
  kind: Kind,
): answer is Extract<ToTensors, { kind: Kind }> {
  return answer.kind === kind;
}
