export interface Eigenpair {
  readonly value: number;
  /** The last component of the eigenvector of length 1. */
  readonly last: number;
}

/**
 * The largest eigenvalue of a symmetric tridiagonal matrix by bisection, its eigenvector by inverse iteration. None is
 * negative.
 */
export function largestEigenpair(diagonal: readonly number[], beside: readonly number[]): Eigenpair {
  let low = diagonal.reduce((most, value) => Math.max(most, value), 0);
  let high = diagonal.reduce(
    (most, value, at) => Math.max(most, value + Math.abs(beside[at - 1] ?? 0) + sideOf(beside, diagonal.length, at)),
    0,
  );
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (isAboveAll(middle, diagonal, beside)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return { value: high, last: lastComponent(high, diagonal, beside) };
}

/** The matrix ends before the last number beside the diagonal. */
function sideOf(beside: readonly number[], size: number, at: number): number {
  return at + 1 < size ? Math.abs(beside[at] ?? 0) : 0;
}

/** Whether a number is larger than every eigenvalue: then all pivots of number − matrix are positive (Sylvester). */
function isAboveAll(shift: number, diagonal: readonly number[], beside: readonly number[]): boolean {
  let pivot = 1;
  for (const [at, value] of diagonal.entries()) {
    const side = at === 0 ? 0 : (beside[at - 1] ?? 0);
    pivot = shift - value - (side * side) / pivot;
    if (!(pivot > 0)) {
      return false;
    }
  }
  return true;
}

function lastComponent(value: number, diagonal: readonly number[], beside: readonly number[]): number {
  const shift = value * (1 + 1e-12) + Number.MIN_VALUE;
  let vector: readonly number[] = diagonal.map(() => 1);
  for (let round = 0; round < 3; round += 1) {
    const solved = solve(shift, { diagonal, beside }, vector);
    const length = Math.hypot(...solved);
    vector = solved.map((element) => element / length);
  }
  return vector.at(-1) ?? 0;
}

interface Tridiagonal {
  readonly diagonal: readonly number[];
  readonly beside: readonly number[];
}

/** (shift − matrix)·x = right, for a shift above all eigenvalues: elimination without pivoting (Thomas). */
function solve(shift: number, { diagonal, beside }: Tridiagonal, right: readonly number[]): readonly number[] {
  const rows: { readonly pivot: number; readonly value: number; readonly side: number }[] = [];
  let before = { pivot: 1, value: 0, side: 0 };
  for (const [at, value] of diagonal.entries()) {
    const ratio = before.side / before.pivot;
    before = {
      pivot: shift - value - ratio * before.side,
      value: (right[at] ?? 0) + ratio * before.value,
      side: beside[at] ?? 0,
    };
    rows.push(before);
  }
  let after = 0;
  return rows
    .toReversed()
    .map(({ pivot, value, side }) => {
      after = (value + side * after) / pivot;
      return after;
    })
    .toReversed();
}
