import type { StepRange } from "../charts/viewport.ts";
import { isRecord, parseTableState } from "../shared/tableState.ts";
import type { TableState } from "../shared/tableState.ts";
import { TABS } from "./tab.ts";
import type { TabId } from "./tab.ts";

/** What the dashboard looks like, kept across hiding and reloading. No data. */
export interface ViewState extends TableState {
  /** The run that `range` belongs to. */
  readonly runId: string;
  /** Undefined shows all steps. */
  readonly range: StepRange | undefined;
  readonly tab: TabId;
  /** What each tab keeps for itself; it checks what it reads. */
  readonly tabStates: Readonly<Partial<Record<TabId, unknown>>>;
}

const VERSION = 1;
export const FIRST_VIEW: ViewState = {
  runId: "",
  range: undefined,
  tab: "timeline",
  tabStates: {},
  order: { column: "last", descending: true },
  filter: "",
};

export function storedForm(state: ViewState): unknown {
  return { version: VERSION, ...state };
}

/** State of another version, or of another program, counts as none. */
export function parseViewState(stored: unknown): ViewState {
  if (!isRecord(stored) || stored["version"] !== VERSION) {
    return FIRST_VIEW;
  }
  const { runId, range, tab, tabStates } = stored;
  return {
    ...parseTableState(stored, FIRST_VIEW),
    runId: typeof runId === "string" ? runId : "",
    range: parseRange(range),
    tab: TABS.find(({ id }) => id === tab)?.id ?? FIRST_VIEW.tab,
    tabStates: isRecord(tabStates) ? tabStates : {},
  };
}

function parseRange(range: unknown): StepRange | undefined {
  if (!isRecord(range)) {
    return undefined;
  }
  const { min, max } = range;
  return typeof min === "number" && typeof max === "number" && min < max ? { min, max } : undefined;
}
