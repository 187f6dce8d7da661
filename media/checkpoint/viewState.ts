import { isRecord, parseTableState } from "../shared/tableState.ts";
import type { TableView } from "./tensors/tensorsTable.ts";

const VERSION = 2;

export const TABS = ["tensors", "optimizer", "compare"] as const;
export type Tab = (typeof TABS)[number];

export interface ViewState extends TableView {
  readonly tab: Tab;
}

/** In the order of the file, until the user sorts. */
const FIRST_STATE: ViewState = {
  order: { column: "", descending: false },
  filter: "",
  isList: false,
  opened: null,
  tab: "tensors",
};

export function parseViewState(stored: unknown): ViewState {
  if (!isRecord(stored) || stored["version"] !== VERSION) {
    return FIRST_STATE;
  }
  const { opened } = stored;
  return {
    ...parseTableState(stored, FIRST_STATE),
    isList: stored["isList"] === true,
    opened: Array.isArray(opened) ? opened.filter((id) => typeof id === "string") : null,
    tab: TABS.find((tab) => tab === stored["tab"]) ?? "tensors",
  };
}

export function storedForm(state: ViewState): unknown {
  return { version: VERSION, ...state };
}
