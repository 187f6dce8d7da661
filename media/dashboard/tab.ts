import { t } from "@vscode/l10n";
import type { Exported, ReportPaper, ReportSection } from "./export/exported.ts";
import type { ShownRun } from "./run.ts";

/** One part of the dashboard. It is made when it is opened for the first time. */
export interface Tab<Answer> {
  readonly element: HTMLElement;
  /** The run as it is now: when the tab is opened, another run is chosen, or the run has grown while the tab is open. */
  readonly show: (run: ShownRun) => void;
  /** Another tab takes its place, or no run is left. */
  readonly hide: () => void;
  /** What the host answered to a request of this tab. */
  readonly receive: (answer: Answer) => void;
  /** What is on screen, to be written to a file at this width; undefined while there is nothing. */
  readonly exported?: (width: number) => Exported | undefined;
  /** What of it belongs into the report of the run. */
  readonly reported?: (paper: ReportPaper) => readonly ReportSection[];
}

export interface TabHost<Request> {
  readonly post: (request: Request) => void;
}

export const TABS = [
  { id: "timeline", label: t("Timeline") },
  { id: "tensors", label: t("Tensors") },
  { id: "clipping", label: t("Clipping") },
  { id: "compare", label: t("Compare") },
] as const;
export type TabId = (typeof TABS)[number]["id"];
