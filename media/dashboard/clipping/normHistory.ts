import type { AxisRange } from "../../charts/axis.ts";
import type { Points } from "../../charts/segments.ts";

/** Norms by step, and the axis they are on. */
export interface NormHistory extends Points {
  readonly range: AxisRange;
}
