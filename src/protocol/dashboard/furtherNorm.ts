import * as v from "valibot";
import { axis } from "../shapes.ts";

/** A global norm that a run logs beside its main one: of another of its models, or after clipping. */
export const furtherNorm = v.object({
  /** As the log spells it, and with the log where another norm has the same name. */
  name: v.string(),
  axis: v.exactOptional(axis),
  /** Of another process, of a log that disagrees, or over another axis: looked at only by who asks for it. */
  isApart: v.boolean(),
});
export type FurtherNorm = v.InferOutput<typeof furtherNorm>;
