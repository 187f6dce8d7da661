import { type Box, elementsOf } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

import { checkedProduct } from "../shared/product.ts";

/** Why boxes do not hold every element of a tensor once; undefined when they do. */
export function coverageFault(shape: readonly number[], boxes: readonly Box[]): string | undefined {
  const total = checkedProduct(shape);
  if (total === undefined || shape.length > MAX_RANK) {
    return t("a shape with more than 2^53 elements or 64 dimensions");
  }
  const outside = boxes.find((box) => !isInside(box, shape));
  if (outside !== undefined) {
    return t("a chunk from [{0}] on that is not inside the shape [{1}]", outside.start.join(", "), shape.join(", "));
  }
  const covered = boxes.reduce((sum, box) => sum + elementsOf(box.shape), 0);
  if (covered !== total) {
    return covered < total
      ? t("chunks that hold only {0} of {1} elements", covered, total)
      : t("chunks that overlap: they hold {0} elements of {1}", covered, total);
  }
  const axes = shape.flatMap((size, axis) => (boxes.every((box) => box.shape[axis] === size) ? [] : [axis]));
  if (axes.length > MAX_CUT_AXES) {
    return t("chunks along {0} dimensions, more than Gradlens can check", axes.length);
  }
  return total === 0 || cornersCancel(shape, boxes, axes) ? undefined : t("chunks that overlap and leave gaps");
}

const MAX_RANK = 64;
// A box has two to the power of these corners.
const MAX_CUT_AXES = 8;

function isInside({ start, shape: sizes }: Box, shape: readonly number[]): boolean {
  return (
    start.length === shape.length &&
    sizes.length === shape.length &&
    shape.every((size, axis) => (start[axis] ?? 0) + (sizes[axis] ?? 0) <= size)
  );
}

/**
 * A function on a grid is known by its mixed differences. Those of a box are +1 and -1 at its corners, so boxes hold every
 * point once exactly when their signed corners sum up to those of the whole: no need to compare boxes with each other.
 */
function cornersCancel(shape: readonly number[], boxes: readonly Box[], axes: readonly number[]): boolean {
  const sums = new Map<string, number>();
  const whole: Box = { start: shape.map(() => 0), shape };
  boxes.filter((box) => !box.shape.includes(0)).forEach((box) => addCorners(sums, { box, axes, sign: 1 }));
  addCorners(sums, { box: whole, axes, sign: -1 });
  return sums.size === 0;
}

interface Corners {
  readonly box: Box;
  readonly axes: readonly number[];
  readonly sign: number;
}

function addCorners(sums: Map<string, number>, { box, axes, sign }: Corners): void {
  for (let corner = 0; corner < 2 ** axes.length; corner += 1) {
    let ends = 0;
    const place = axes.map((axis, bit) => {
      const isEnd = (corner >> bit) % 2;
      ends += isEnd;
      return (box.start[axis] ?? 0) + isEnd * (box.shape[axis] ?? 0);
    });
    const key = place.join(",");
    const sum = (sums.get(key) ?? 0) + (ends % 2 === 0 ? sign : -sign);
    if (sum === 0) {
      sums.delete(key);
    } else {
      sums.set(key, sum);
    }
  }
}
