import { isRecord, parseTableState } from "../shared/tableState.ts";
import type { TableState } from "../shared/tableState.ts";

const VERSION = 1;
/** In the order of the file, until the user sorts. */
const FIRST_STATE: TableState = { order: { column: "", descending: false }, filter: "" };

export function parseViewState(stored: unknown): TableState {
  return isRecord(stored) && stored["version"] === VERSION ? parseTableState(stored, FIRST_STATE) : FIRST_STATE;
}

export function storedForm(state: TableState): unknown {
  return { version: VERSION, ...state };
}
