import type { GlobalNorms, TensorNorms } from "#core/tensor.ts";
import { measureValueClip } from "./byValue.ts";
import type { ValueClipEffect } from "./byValue.ts";
import type { ElementStatistics } from "./elementStatistics.ts";

/** A gradient, or one of its tensors, and what each limit does to it. */
export interface ValueClip {
  readonly elements: number;
  readonly norm: number;
  /** The largest absolute value. */
  readonly largest: number;
  /** In the order of the limits; empty where all elements are 0, or one is not finite. */
  readonly effects: readonly (ValueClipEffect & { readonly limit: number })[];
}

export interface NamedValueClip extends ValueClip {
  readonly name: string;
}

export interface ValueClipReview {
  /** All tensors taken together. */
  readonly whole: ValueClip;
  readonly tensors: readonly NamedValueClip[];
}

/**
 * What clipping a gradient by value does, from its tensors and their global norm. They have to be measured with `--full`;
 * a tensor that was not is left out.
 */
export function reviewValueClip(
  tensors: readonly TensorNorms[],
  global: GlobalNorms,
  limits: readonly number[],
): ValueClipReview {
  const measured = tensors.flatMap(({ l1, histogram, ...rest }) =>
    l1 === null || histogram === null ? [] : [{ ...rest, l1, histogram }],
  );
  return {
    whole: { ...describe(global), effects: effectsOn(measured, limits) },
    tensors: measured.map((tensor) => ({
      name: tensor.name,
      ...describe(tensor),
      effects: effectsOn([tensor], limits),
    })),
  };
}

function describe({ elements, l2, linf }: Size): Pick<ValueClip, "elements" | "norm" | "largest"> {
  return { elements, norm: l2, largest: linf };
}

type Size = Pick<GlobalNorms, "elements" | "l2" | "linf">;

function effectsOn(tensors: readonly ElementStatistics[], limits: readonly number[]): ValueClip["effects"] {
  return limits.flatMap((limit) => {
    const effect = measureValueClip(tensors, limit);
    return effect === undefined ? [] : [{ limit, ...effect }];
  });
}
