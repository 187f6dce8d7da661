import type { TensorPart } from "#core/tensorPart.ts";

/** Where a tensor's elements lie, or what is there that cannot be read. */
export type LocatedData = { readonly parts: readonly TensorPart[] } | { readonly what: string };
