/** A tensor's place among all tensors of a step. */
export interface Place {
  /** Part of the sum of squares; null when a norm is not finite, or all are zero. */
  readonly share: number | null;
  /** 1 for the largest norm; undefined where the tensor's own is not finite or was not measured. */
  readonly rank: number | undefined;
  readonly of: number;
}

/** In one pass: a hover over one of many thousand tensors must not sort them. Non-finite norms are larger than all others. */
export function placeAmong(norms: ReadonlyMap<string, number>, tensor: string): Place {
  const own = norms.get(tensor);
  let total = 0;
  let larger = 0;
  for (const norm of norms.values()) {
    total += norm ** 2;
    larger += Number.isNaN(norm) || norm > (own ?? Infinity) ? 1 : 0;
  }
  const isRanked = own !== undefined && Number.isFinite(own);
  return {
    share: isRanked && Number.isFinite(total) && total > 0 ? own ** 2 / total : null,
    rank: isRanked ? larger + 1 : undefined,
    of: norms.size,
  };
}
