import type { StepRange } from "../charts/viewport.ts";
import { isRecord, parseTableState } from "../shared/tableState.ts";
import type { TableState } from "../shared/tableState.ts";

/** What the dashboard looks like, kept across hiding and reloading. No data. */
export interface ViewState extends TableState {
  /** The run that `range` belongs to. */
  readonly runId: string;
  /** Undefined shows all steps. */
  readonly range: StepRange | undefined;
}

const VERSION = 1;
export const FIRST_VIEW: ViewState = {
  runId: "",
  range: undefined,
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
  const { runId, range } = stored;
  return {
    ...parseTableState(stored, FIRST_VIEW),
    runId: typeof runId === "string" ? runId : "",
    range: parseRange(range),
  };
}

function parseRange(range: unknown): StepRange | undefined {
  if (!isRecord(range)) {
    return undefined;
  }
  const { min, max } = range;
  return typeof min === "number" && typeof max === "number" && min < max ? { min, max } : undefined;
}
