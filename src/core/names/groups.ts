import { asSquaredNorm, globalNorm, type Norm } from "../norm.ts";
import { inModelOrder } from "./order.ts";
import { addressOf } from "./tensorAddress.ts";

/** What a norm of a group is made from. */
export interface NamedNorm {
  readonly name: string;
  readonly norm: number;
  readonly elements: number;
}

/** A block, or a module outside of blocks. */
export interface GroupNorm {
  readonly group: string;
  /** sqrt of the sum of the squared norms; NaN when one is. */
  readonly norm: Norm;
  readonly elements: number;
  readonly tensors: number;
}

/** Norms of a model's blocks from those of their tensors, in the model's order. Tied tensors are to be given once. */
export function rollUp(tensors: readonly NamedNorm[]): readonly GroupNorm[] {
  const groups = new Map<string, NamedNorm[]>();
  for (const tensor of inModelOrder(tensors, ({ name }) => name)) {
    const { group } = addressOf(tensor.name);
    const own = groups.get(group) ?? [];
    groups.set(group, own);
    own.push(tensor);
  }
  return Array.from(groups, ([group, own]) => ({
    group,
    norm: globalNorm(own.map(({ norm }) => asSquaredNorm(norm ** 2))),
    elements: own.reduce((sum, { elements }) => sum + elements, 0),
    tensors: own.length,
  }));
}
