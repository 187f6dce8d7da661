/** Where a tensor stands in the model, as far as its name tells. */
export interface TensorPlace {
  /** Number of its block, from the input; null outside of the blocks. */
  readonly block: number | null;
  /** What it does: `embedding`, `head`, `query`… */
  readonly role: string;
}

export type PlaceOf = (tensor: string) => TensorPlace | undefined;

/** Tensors from the input to the output: what comes before the blocks, the blocks by their number, what comes after. */
export function inForwardOrder(tensors: readonly string[], placeOf: PlaceOf): readonly string[] {
  const places = tensors.map((tensor) => placeOf(tensor));
  const firstBlock = places.findIndex((place) => place !== undefined && place.block !== null);
  const keyed = tensors.map((tensor, index) => {
    const place = places[index];
    const isInside = place !== undefined && place.block !== null;
    return isInside
      ? { tensor, part: 1, block: place.block }
      : { tensor, part: partOutside(place?.role, index, firstBlock), block: 0 };
  });
  const ordered = keyed.toSorted((a, b) => (a.part === b.part ? a.block - b.block : a.part - b.part));
  return ordered.map(({ tensor }) => tensor);
}

/** Before or after the blocks; what no role tells, the order of the log does, which is mostly the model's. */
function partOutside(role: string | undefined, index: number, firstBlock: number): number {
  if (role === "embedding") {
    return 0;
  }
  return role === "head" || index > firstBlock ? 2 : 0;
}
