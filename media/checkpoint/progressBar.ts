import { formatBytes } from "#core/format.ts";
import { button, element, setText } from "../shared/element.ts";
import { createLiveRegion } from "../shared/liveRegion.ts";

/** How far the computing is, and the one thing to do about it: cancel, or start again. */
export interface ProgressBar {
  readonly element: HTMLElement;
  readonly showProgress: (doneBytes: number, totalBytes: number) => void;
  /** It stopped: says why, and offers to compute again when there is something to offer. */
  readonly showStopped: (message: string, again?: string) => void;
}

export function createProgressBar(actions: { readonly cancel: () => void; readonly compute: () => void }): ProgressBar {
  const bar = element("progress", { attributes: { max: "1", "aria-label": "Norms computed" } });
  const message = element("span", { class: "progress-message" });
  const cancel = button("Cancel", { title: "Cancel computing", class: "secondary", onClick: actions.cancel });
  const again = button("", { title: "Compute the norms again", onClick: actions.compute });
  const live = createLiveRegion();
  const row = element("div", { class: "progress" }, [bar, message, cancel, again, live.element]);
  showProgress(0, 0);
  return { element: row, showProgress, showStopped };

  function showProgress(doneBytes: number, totalBytes: number): void {
    bar.value = totalBytes === 0 ? 0 : doneBytes / totalBytes;
    setText(message, `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`);
    bar.hidden = false;
    cancel.hidden = false;
    again.hidden = true;
  }

  function showStopped(text: string, label?: string): void {
    setText(message, text);
    live.say(text);
    bar.hidden = true;
    cancel.hidden = true;
    again.hidden = label === undefined;
    setText(again, label ?? "");
    again.setAttribute("aria-label", label ?? "");
  }
}
