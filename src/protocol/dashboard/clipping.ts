import * as v from "valibot";

/** Host → the tab "Clipping". */
export const toClipping = v.never();
export type ToClipping = v.InferOutput<typeof toClipping>;

/** The tab "Clipping" → host. */
export const fromClipping = v.never();
export type FromClipping = v.InferOutput<typeof fromClipping>;
