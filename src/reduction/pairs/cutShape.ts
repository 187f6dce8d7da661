import { type Box, elementsOf } from "#core/tensorPart.ts";

/** A box whose elements follow each other in the tensor's row-major order. */
export interface Slab extends Box {
  /** Row-major index of its first element. */
  readonly first: number;
  readonly elements: number;
}

/** Cuts a tensor into slabs of at most so many elements, in row-major order. The cuts depend on the shape alone. */
export function* cutShape(shape: readonly number[], mostElements: number): Generator<Slab, void> {
  const elements = elementsOf(shape);
  if (elements <= mostElements) {
    yield { start: shape.map(() => 0), shape, first: 0, elements };
    return;
  }
  const axis = shape.findIndex((_, at) => elementsOf(shape.slice(at + 1)) <= mostElements);
  const inner = shape.slice(axis + 1);
  const length = shape[axis] ?? 1;
  const innerElements = elementsOf(inner);
  const most = Math.floor(mostElements / innerElements);
  const prefixes = elementsOf(shape.slice(0, axis));
  for (let prefix = 0; prefix < prefixes; prefix += 1) {
    const outer = indicesAt(shape.slice(0, axis), prefix);
    for (let from = 0; from < length; from += most) {
      const count = Math.min(most, length - from);
      yield {
        start: [...outer, from, ...inner.map(() => 0)],
        shape: [...outer.map(() => 1), count, ...inner],
        first: (prefix * length + from) * innerElements,
        elements: count * innerElements,
      };
    }
  }
}

function indicesAt(shape: readonly number[], place: number): number[] {
  let rest = place;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .toReversed();
}
