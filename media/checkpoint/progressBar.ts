import { formatProgress } from "#l10n/format.ts";
import type { ToCheckpoint } from "#protocol/checkpoint.ts";
import { t } from "@vscode/l10n";
import { button, element, setText } from "../shared/element.ts";
import { createLiveRegion } from "../shared/liveRegion.ts";

type Progressed = Omit<Extract<ToCheckpoint, { kind: "progress" }>, "kind" | "tensors">;

/** How far the computing is, and the one thing to do about it: cancel, or start again. */
export interface ProgressBar {
  readonly element: HTMLElement;
  /** Before the worker has said anything. */
  readonly showStart: () => void;
  readonly showProgress: (progress: Progressed) => void;
  /** It stopped: says why, and offers to compute again when there is something to offer. */
  readonly showStopped: (message: string, again?: string) => void;
  readonly showFinished: (...message: readonly (string | Node)[]) => void;
}

export interface ProgressActions {
  /** Of the bar, for a screen reader. */
  readonly label: string;
  readonly cancel: () => void;
  readonly compute: () => void;
}

export function createProgressBar(actions: ProgressActions): ProgressBar {
  const bar = element("progress", { attributes: { max: "1", "aria-label": actions.label } });
  const message = element("span", { class: "progress-message" });
  const cancel = button(t("Cancel"), { title: t("Cancel computing"), class: "secondary", onClick: actions.cancel });
  const again = button("", { title: t("Compute the norms again"), onClick: actions.compute });
  const live = createLiveRegion();
  const row = element("div", { class: "progress" }, [bar, message, cancel, again, live.element]);
  showStart();
  return { element: row, showStart, showProgress, showStopped, showFinished };

  function showStart(): void {
    showRunning(0, t("Starting…"));
  }

  function showProgress(progress: Progressed): void {
    const { doneBytes, totalBytes } = progress;
    showRunning(totalBytes === 0 ? 0 : doneBytes / totalBytes, formatProgress(progress));
  }

  function showRunning(part: number, text: string): void {
    bar.value = part;
    setText(message, text);
    bar.hidden = false;
    cancel.hidden = false;
    again.hidden = true;
  }

  function showFinished(...parts: readonly (string | Node)[]): void {
    showEnd(parts);
  }

  function showStopped(text: string, label?: string): void {
    showEnd([text], label);
  }

  function showEnd(parts: readonly (string | Node)[], label?: string): void {
    message.replaceChildren(...parts);
    live.say(message.textContent);
    bar.hidden = true;
    cancel.hidden = true;
    again.hidden = label === undefined;
    setText(again, label ?? "");
    again.setAttribute("aria-label", label ?? "");
  }
}
