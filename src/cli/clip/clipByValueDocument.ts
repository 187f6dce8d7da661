import type { NamedValueClip, ValueClip, ValueClipReview } from "#analysis/clipping/reviewValueClip.ts";
import { listOf } from "../text/listOf.ts";

/** What the review is about. */
export interface ValueClipContext {
  /** The PATH that was given. */
  readonly source: string;
  /** What is to be known of the checkpoint, such as tensors that could not be read. */
  readonly notes: readonly string[];
  /** Also of each tensor. */
  readonly isPerTensor: boolean;
}

/** What `gradlens clip --by-value --json` prints. */
interface ValueClipDocument extends ValueClip {
  readonly schema: "gradlens/clip-by-value@1";
  readonly source: string;
  readonly tensors?: readonly NamedValueClip[];
  readonly notes: readonly string[];
  /** Why there are no effects on the whole. */
  readonly refused?: string;
}

export function valueClipDocumentOf(
  review: ValueClipReview,
  { source, notes, isPerTensor }: ValueClipContext,
): ValueClipDocument {
  const refused = describeRefusal(review);
  return {
    schema: "gradlens/clip-by-value@1",
    source,
    ...review.whole,
    ...(isPerTensor ? { tensors: review.tensors } : {}),
    notes,
    ...(refused === undefined ? {} : { refused }),
  };
}

/** Why nothing is told of the gradient as a whole; undefined where it is. */
export function describeRefusal({ whole, tensors }: ValueClipReview): string | undefined {
  if (whole.effects.length > 0) {
    return undefined;
  }
  if (whole.norm === 0) {
    return "All elements are 0, so there is nothing to clip.";
  }
  const names = tensors.filter(({ norm, effects }) => norm !== 0 && effects.length === 0).map(({ name }) => name);
  return `Not finite: ${listOf(names)}. Clipping by value makes an ordinary element of an infinite one and keeps NaN, so there is nothing to compare with.`;
}
