import type { ClipKind } from "./clipNames.ts";
import type { TextRange } from "../document.ts";

/** Where a threshold is written: a number, or what says that nothing is clipped. */
export interface Threshold extends TextRange {
  readonly text: string;
  /** Null for None and null; undefined for what only the trainer knows: `"auto"`. Zero and Infinity are as written. */
  readonly value: number | null | undefined;
}

/** A place in a source that clips gradients, or that sets the threshold for a trainer that does. */
export interface ClipSite extends TextRange {
  readonly kind: ClipKind;
  readonly form: "call" | "setting";
  /** `clip_grad_norm_`, `max_grad_norm`, `training.max_norm`. */
  readonly name: string;
  /** The literal that decides, wherever in the file it stands; undefined when the file does not tell. */
  readonly threshold: Threshold | undefined;
  /** What the source passes where the threshold belongs: a literal or a name; undefined when it passes nothing. */
  readonly given: TextRange | undefined;
  /** The model, parameters, gradients or optimizer that a call clips, as written. */
  readonly target: string | undefined;
  /** Whether `unscale_` comes first where a GradScaler scales this function's loss. */
  readonly unscaled: "yes" | "no" | "notNeeded";
}

/** Whether a site clips at all: None, 0 and Infinity switch it off. Undefined when its threshold is not known. */
export function isActive({ threshold }: ClipSite): boolean | undefined {
  const value = threshold?.value;
  if (value === undefined) {
    return undefined;
  }
  return value !== null && value > 0 && Number.isFinite(value);
}
