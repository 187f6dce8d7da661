import { t } from "@vscode/l10n";
import { button, element, setText } from "../shared/element.ts";

/** Says that the files have changed since they were read, and offers to read them again. */
export interface StaleBar {
  readonly element: HTMLElement;
  readonly show: (message: string) => void;
  readonly hide: () => void;
}

export function createStaleBar(onDidReload: () => void): StaleBar {
  const text = element("span");
  const reload = button(t("Reload"), { title: t("Reload: read the checkpoint again"), onClick: onDidReload });
  const bar = element("div", { class: "stale-bar", attributes: { role: "alert" } }, [text, reload]);
  bar.hidden = true;
  return {
    element: bar,
    show(message) {
      setText(text, t("▲ {0} What is shown is of before.", message));
      bar.hidden = false;
    },
    hide: () => void (bar.hidden = true),
  };
}
