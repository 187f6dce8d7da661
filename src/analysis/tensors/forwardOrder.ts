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
  const keys = places.map((place, index): readonly [number, number, number] => {
    if (place !== undefined && place.block !== null) {
      return [1, place.block, index];
    }
    return [partOutside(place?.role, index, firstBlock), 0, index];
  });
  return keys.toSorted((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]).map(([, , index]) => tensors[index] ?? "");
}

/** Before or after the blocks; what no role tells, the order of the log does, which is mostly the model's. */
function partOutside(role: string | undefined, index: number, firstBlock: number): number {
  if (role === "embedding") {
    return 0;
  }
  return role === "head" || index > firstBlock ? 2 : 0;
}
