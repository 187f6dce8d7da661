/** A tensor's part in one step's global norm. */
export interface Share {
  readonly tensor: string;
  readonly norm: number;
  /** Part of the sum of squares, 0 to 1; the shares of all tensors add up to 1. Null when a norm is not finite. */
  readonly share: number | null;
}

/** Tensors in the order of their part in the squared global norm; non-finite ones first, by name. */
export function rankBySquare(norms: ReadonlyMap<string, number>): readonly Share[] {
  let total = 0;
  for (const norm of norms.values()) {
    total += norm ** 2;
  }
  const share = (norm: number): number | null => (Number.isFinite(total) && total > 0 ? norm ** 2 / total : null);
  return Array.from(norms, ([tensor, norm]) => ({ tensor, norm, share: share(norm) })).toSorted(byWeight);
}

function byWeight(a: Share, b: Share): number {
  const [sizeA, sizeB] = [sizeOf(a), sizeOf(b)];
  return sizeA === sizeB ? a.tensor.localeCompare(b.tensor) : sizeB - sizeA;
}

function sizeOf({ norm }: Share): number {
  return Number.isFinite(norm) ? norm : Infinity;
}
