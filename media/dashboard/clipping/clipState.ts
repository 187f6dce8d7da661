import { isRecord } from "../../shared/tableState.ts";

/** What the tab keeps across hiding and reloading. */
export interface ClipState {
  /** The run that the threshold was chosen for. */
  readonly runId: string;
  /** Undefined until one is chosen. */
  readonly threshold: number | undefined;
  readonly framework: string;
  readonly isPerTensor: boolean;
  readonly withAll: boolean;
  readonly withWarmUp: boolean;
}

export function parseClipState(stored: unknown): ClipState {
  const state = isRecord(stored) ? stored : {};
  const { runId, threshold, framework } = state;
  return {
    runId: typeof runId === "string" ? runId : "",
    threshold: typeof threshold === "number" && threshold > 0 && Number.isFinite(threshold) ? threshold : undefined,
    framework: typeof framework === "string" ? framework : "",
    isPerTensor: state["isPerTensor"] === true,
    withAll: state["withAll"] === true,
    withWarmUp: state["withWarmUp"] === true,
  };
}
