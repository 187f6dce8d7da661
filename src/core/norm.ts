/** Length of a tensor's elements: L2 of the flattened tensor, whatever its shape. */
export type Norm = number & { readonly unit: "norm" };

/** Sum of squared elements. Squares add up across tensors; norms do not. */
export type SquaredNorm = number & { readonly unit: "norm²" };

/** Vouches that a plain number is a norm. NaN and Infinity pass through: they are findings, not errors. */
export function asNorm(value: number): Norm {
  return value as Norm;
}

/** Vouches that a plain number is a sum of squares. */
export function asSquaredNorm(value: number): SquaredNorm {
  return value as SquaredNorm;
}

/** sqrt of the sum of squares, as clip_grad_norm_ and tf.linalg.global_norm define it. NaN in, NaN out. */
export function globalNorm(squaredNorms: Iterable<SquaredNorm>): Norm {
  let sum = 0;
  for (const squared of squaredNorms) {
    sum += squared;
  }
  return Math.sqrt(sum) as Norm;
}

/** sqrt(Σx²/n): free of size, so tensors of different size compare. No elements have no RMS: 0. */
export function rms(norm: Norm, elements: number): number {
  return elements === 0 ? 0 : norm / Math.sqrt(elements);
}
