import * as v from "valibot";

/** Host → the tab "Compare". */
export const toCompare = v.never();
export type ToCompare = v.InferOutput<typeof toCompare>;

/** The tab "Compare" → host. */
export const fromCompare = v.never();
export type FromCompare = v.InferOutput<typeof fromCompare>;
