import type { Finding } from "#core/finding.ts";
import type { FromDashboard } from "#protocol/dashboard.ts";
import type { HostLink } from "../shared/hostLink.ts";
import type { RunName } from "./header.ts";
import { intervalOf, stepsOf } from "./run.ts";
import type { ShownRun } from "./run.ts";
import type { StepRange } from "../charts/viewport.ts";
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
  /** A tensor that the tab "Tensors" is to show next, as the log names it. */
  wantedTensor: string | undefined;
  /** The steps of runs shown beside this one: the zoom covers them too. */
  otherSteps: StepRange | undefined;
  /** The steps of the norms of tensors, and the usual distance of two of them: the zoom covers them too. */
  tensorSteps: (StepRange & { readonly interval: number }) | undefined;
  /** Lets the zoom cover all the steps that there are now. */
  readonly growZoom: (run: ShownRun) => void;
  readonly view: () => ViewState;
  readonly store: (change: Partial<ViewState>) => void;
  /** Says something to a screen reader. */
  readonly say: (text: string) => void;
  readonly openTab: (id: TabId) => void;
}

/** A zoom shows at least this many points. */
const NARROWEST_POINTS = 4;

export function createSession(
  host: HostLink<FromDashboard>,
  { say, openTab }: Pick<Session, "say" | "openTab">,
): Session {
  let view = parseViewState(host.readState());
  const session: Session = {
    host,
    zoom: createZoom(),
    run: undefined,
    runs: [],
    chosen: undefined,
    cursor: undefined,
    wantedTensor: undefined,
    otherSteps: undefined,
    tensorSteps: undefined,
    growZoom(run) {
      const { otherSteps, tensorSteps } = session;
      const isWithoutLines = run.lines.length === 0 && tensorSteps !== undefined;
      const own = isWithoutLines ? tensorSteps : stepsOf(run);
      const known = [own, otherSteps, tensorSteps].filter((steps) => steps !== undefined);
      const all = { min: Math.min(...known.map(({ min }) => min)), max: Math.max(...known.map(({ max }) => max)) };
      session.zoom.grow(all, (isWithoutLines ? tensorSteps.interval : intervalOf(run)) * NARROWEST_POINTS);
    },
    view: () => view,
    store(change) {
      view = { ...view, ...change };
      host.writeState(storedForm(view));
    },
    say,
    openTab,
  };
  return session;
}
