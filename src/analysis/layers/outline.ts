import { inModelOrder } from "#core/names/order.ts";
import { addressOf } from "#core/names/tensorAddress.ts";

/** A block of a model, or a module outside of blocks, with its tensors. */
export interface OutlineGroup {
  readonly name: string;
  readonly tensors: readonly string[];
}

/** Tensors in the order in which a model computes, gathered by block. */
export function outlineOf(names: Iterable<string>): readonly OutlineGroup[] {
  const ordered = inModelOrder([...names], (name) => name);
  return Array.from(
    Map.groupBy(ordered, (name) => addressOf(name).group),
    ([name, tensors]) => ({ name, tensors }),
  );
}
