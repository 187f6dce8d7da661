import type { FromDashboard } from "#protocol/dashboard.ts";
import { t } from "@vscode/l10n";
import { element } from "../shared/element.ts";

/** What can be done where there is nothing to show yet. */
type WayOut = Extract<FromDashboard["kind"], "followRun" | "openExample" | "insertLogging">;

const LABELS: Readonly<Record<WayOut, string>> = {
  followRun: t("Follow Run…"),
  openExample: t("Open Sample Run"),
  insertLogging: t("Insert Gradient Logging…"),
};

/** What stands here while no run is followed. */
export function createEmptyState(post: (message: FromDashboard) => void): HTMLElement {
  const text = t("No run is followed yet: open a folder with a training log, or look at the sample.");
  return createWaysOut({ class: "empty", text, ways: ["followRun", "openExample"] }, post);
}

/** A sentence that says what is missing, and a button for each way to get it. */
export function createWaysOut(
  { class: name, text, ways }: { readonly class: string; readonly text: string; readonly ways: readonly WayOut[] },
  post: (message: FromDashboard) => void,
): HTMLElement {
  const buttons = ways.map((kind, index) =>
    element("button", {
      class: index === 0 ? "" : "secondary",
      text: LABELS[kind],
      attributes: { type: "button" },
      onClick: () => post({ kind }),
    }),
  );
  return element("div", { class: name }, [element("p", { text }), element("div", { class: "ways-out" }, buttons)]);
}
