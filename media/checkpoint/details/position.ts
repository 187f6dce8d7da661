/** Where in a tensor an element stands: `[3, 0, 12]` for its row-major index. A scalar has no coordinates. */
export function positionOf(shape: readonly number[], index: number): readonly number[] {
  const position: number[] = [];
  let rest = index;
  for (const extent of shape.toReversed()) {
    position.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return position;
}
