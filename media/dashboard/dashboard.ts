import type { FromDashboard, ToDashboard } from "#protocol/dashboard.ts";
import type { HostLink } from "../shared/hostLink.ts";
import { createEmptyState } from "./emptyState.ts";
import { appendToRun, openRun } from "./run.ts";
import type { Append, ShownRun } from "./run.ts";
import { createRunView } from "./runView.ts";

type Replace = Extract<ToDashboard, { kind: "replace" }>;

/** The whole panel: takes messages, keeps the run, shows it. */
export interface Dashboard {
  readonly receive: (message: ToDashboard) => void;
}

export function createDashboard(root: HTMLElement, host: HostLink<FromDashboard>): Dashboard {
  const view = createRunView(root, host);
  const empty = createEmptyState(host.post);
  let run: ShownRun | undefined;
  let sequence = -1;
  let isReplaceAwaited = true;
  return {
    receive(message) {
      switch (message.kind) {
        case "replace":
          replace(message);
          return;
        case "append":
          append(message);
          return;
        case "focusTensor":
          view.focusTensor(message.tensor);
          return;
        case "timeline":
        case "tensors":
        case "clipping":
        case "compare":
          view.receive(message);
          return;
      }
    },
  };

  function replace(message: Replace): void {
    sequence = message.sequence;
    isReplaceAwaited = false;
    run = message.run === null ? undefined : openRun(message.run);
    if (run === undefined) {
      view.hide();
      root.replaceChildren(empty);
    } else {
      empty.remove();
      view.open(message.runs, run);
    }
  }

  /** After a gap only a new `replace` can be trusted; it is asked for once. */
  function append(message: Append): void {
    if (isReplaceAwaited) {
      return;
    }
    if (run === undefined || message.sequence !== sequence + 1) {
      isReplaceAwaited = true;
      host.post({ kind: "ready" });
      return;
    }
    sequence = message.sequence;
    run = appendToRun(run, message);
    view.grow(run);
  }
}
