import type { FromDashboard } from "#protocol/dashboard.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { createWaysOut } from "../emptyState.ts";
import { hasNorms } from "../run.ts";
import type { ShownRun } from "../run.ts";

/** What is said where no log has a gradient norm, and what gives one. */
export interface Missing {
  readonly element: HTMLElement;
  readonly show: (run: ShownRun) => void;
}

export function createMissing(post: (message: FromDashboard) => void): Missing {
  const text = t("No gradient norm is logged so far. A few lines in the training script add it.");
  const ways = createWaysOut({ class: "missing", text, ways: ["insertLogging"] }, post);
  const saves = element("p", { text: t("What the checkpoints tell stands below; a click on one opens it.") });
  const whole = element("div", {}, [ways, saves]);
  return {
    element: whole,
    show(run) {
      whole.hidden = hasNorms(run);
      saves.hidden = run.lines.length > 0 || run.checkpoints.length === 0;
    },
  };
}
