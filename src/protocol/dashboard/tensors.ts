import * as v from "valibot";

/** Host → the tab "Tensors". */
export const toTensors = v.never();
export type ToTensors = v.InferOutput<typeof toTensors>;

/** The tab "Tensors" → host. */
export const fromTensors = v.never();
export type FromTensors = v.InferOutput<typeof fromTensors>;
