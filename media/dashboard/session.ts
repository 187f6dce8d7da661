import type { Finding } from "#core/finding.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import type { HostLink } from "../shared/hostLink.ts";
import type { RunName } from "./header.ts";
import type { ShownRun } from "./run.ts";
import type { TabId } from "./tab.ts";
import { parseViewState, storedForm } from "./viewState.ts";
import type { ViewState } from "./viewState.ts";
import { createZoom } from "./zoom.ts";
import type { Zoom } from "./zoom.ts";

/** What all tabs share. Only one tab is on screen at a time; it reads from here what another has left. */
export interface Session {
  readonly host: HostLink<FromDashboard>;
  readonly zoom: Zoom;
  run: ShownRun | undefined;
  /** All followed runs. */
  runs: readonly RunName[];
  /** The finding that was visited last. */
  chosen: Finding | undefined;
  /** The step that was looked at last: by the keyboard's cursor, a click, or the choice of a finding. */
  cursor: number | undefined;
  readonly view: () => ViewState;
  readonly store: (change: Partial<ViewState>) => void;
  /** Says something to a screen reader. */
  readonly say: (text: string) => void;
  readonly openTab: (id: TabId) => void;
}

export function createSession(
  host: HostLink<FromDashboard>,
  { say, openTab }: Pick<Session, "say" | "openTab">,
): Session {
  let view = parseViewState(host.readState());
  return {
    host,
    zoom: createZoom(),
    run: undefined,
    runs: [],
    chosen: undefined,
    cursor: undefined,
    view: () => view,
    store(change) {
      view = { ...view, ...change };
      host.writeState(storedForm(view));
    },
    say,
    openTab,
  };
}
