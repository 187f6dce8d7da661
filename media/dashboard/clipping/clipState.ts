import { isRecord } from "../../shared/tableState.ts";

/** What the tab keeps across hiding and reloading. */
export interface ClipState {
  /** The run that the threshold was chosen for. */
  readonly runId: string;
  /** Undefined until one is chosen. */
  readonly threshold: number | undefined;
  /** A further norm that advice is wanted on; undefined for the main one. */
  readonly norm: string | undefined;
  readonly framework: string;
  readonly isPerTensor: boolean;
  readonly withAll: boolean;
  readonly withWarmUp: boolean;
}

/** What people choose at the head of the tab. */
export type HeadChoices = Pick<ClipState, "norm" | "isPerTensor" | "withAll" | "withWarmUp">;

export function parseClipState(stored: unknown): ClipState {
  const state = isRecord(stored) ? stored : {};
  const { runId, threshold, norm, framework } = state;
  return {
    runId: typeof runId === "string" ? runId : "",
    threshold: typeof threshold === "number" && threshold > 0 && Number.isFinite(threshold) ? threshold : undefined,
    norm: typeof norm === "string" ? norm : undefined,
    framework: typeof framework === "string" ? framework : "",
    isPerTensor: state["isPerTensor"] === true,
    withAll: state["withAll"] === true,
    withWarmUp: state["withWarmUp"] === true,
  };
}
