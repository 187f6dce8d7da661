import type { Threshold } from "./clipSite.ts";
import type { TextRange } from "../document.ts";

/** A key of a settings file with a value that is no list and no table. */
export interface ConfigEntry extends TextRange {
  /** The key, behind those it is inside of. Items of lists count by their position. */
  readonly path: readonly string[];
  readonly value: Threshold;
}
