import * as v from "valibot";

/** Host → the tab "Timeline". */
export const toTimeline = v.never();
export type ToTimeline = v.InferOutput<typeof toTimeline>;

/** The tab "Timeline" → host. */
export const fromTimeline = v.never();
export type FromTimeline = v.InferOutput<typeof fromTimeline>;
