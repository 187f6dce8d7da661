import type { Finding } from "#core/finding.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import type { HostLink } from "../shared/hostLink.ts";
import type { ShownRun } from "./run.ts";
import { parseViewState, storedForm } from "./viewState.ts";
import type { ViewState } from "./viewState.ts";
import { createZoom } from "./zoom.ts";
import type { Zoom } from "./zoom.ts";

/** What is on the page now. Each field has one writer: `run` and `chosen` runView.ts, `cursor` movement.ts. */
export interface Session {
  readonly host: HostLink<FromDashboard>;
  readonly zoom: Zoom;
  run: ShownRun | undefined;
  /** The finding that was visited last. */
  chosen: Finding | undefined;
  /** The step under the keyboard's cursor. */
  cursor: number | undefined;
  readonly view: () => ViewState;
  readonly store: (change: Partial<ViewState>) => void;
}

export function createSession(host: HostLink<FromDashboard>): Session {
  let view = parseViewState(host.readState());
  return {
    host,
    zoom: createZoom(),
    run: undefined,
    chosen: undefined,
    cursor: undefined,
    view: () => view,
    store(change) {
      view = { ...view, ...change };
      host.writeState(storedForm(view));
    },
  };
}
