import { medianOfSorted } from "#core/quantile.ts";
import { culpritsOf } from "../tensors/blame.ts";
import type { Culprit } from "../tensors/blame.ts";

/** A tensor whose part in the squared global norm changed at a step. */
export interface Mover {
  readonly tensor: string;
  readonly norm: number;
  /** Part of the sum of squares, 0 to 1; null when a norm of the step is not finite. */
  readonly share: number | null;
  /** Its median in the steps before; null where there are none. */
  readonly shareBefore: number | null;
  /** The norm over its median in the steps before; null where that is zero or not known. */
  readonly jump: number | null;
}

type Row = ReadonlyMap<string, number>;

/**
 * The tensors behind a step's norm: those that are not finite, by name; without any, those whose share rose, the most
 * first. Where nothing came before, those with the largest share.
 */
export function moversAt(norms: Row, before: readonly Row[], most: number): readonly Mover[] {
  const broken = Array.from(norms).filter(([, norm]) => !Number.isFinite(norm));
  if (broken.length > 0) {
    return broken
      .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
      .slice(0, most)
      .map(([tensor, norm]) => ({ tensor, norm, share: null, shareBefore: null, jump: null }));
  }
  return culpritsOf(norms, before)
    .filter((culprit) => riseOf(culprit) > 0)
    .toSorted((a, b) => riseOf(b) - riseOf(a))
    .slice(0, most)
    .map((culprit) => ({ ...culprit, jump: jumpOf(culprit, before) }));
}

function riseOf({ share, shareBefore }: Culprit): number {
  return share - (shareBefore ?? 0);
}

function jumpOf({ tensor, norm }: Culprit, before: readonly Row[]): number | null {
  const norms = before.flatMap((row) => row.get(tensor) ?? []).filter((value) => Number.isFinite(value));
  const usual = medianOfSorted(norms.toSorted((a, b) => a - b));
  return usual === undefined || usual === 0 ? null : norm / usual;
}
