import type { DeadGroup, FirstZero } from "./deadGroups.ts";
import { createTensorNumbers } from "./tensorNumbers.ts";
import type { TensorNumbers } from "./tensorNumbers.ts";

// Before its first update a zero gate (LoRA's B, ReZero, adaLN-Zero) passes no gradient to what lies behind it.
const GATED_POINTS = 2;
const EXIT_POINTS = 10;

/** A tensor without gradient. NaN and ±Inf are neither zero nor gradient: such points are passed over. */
export interface Stillness {
  /** Zeros in a row; of a tensor that was found dead up to 9 other points between them do not count. */
  zeros: number;
  readonly since: FirstZero;
  lastZero: number;
  otherSince: number;
  group: DeadGroup | undefined;
}

/** What is known of each tensor. Nearly all have gradient at every point: two counts are all there is to them. */
export interface Lives {
  /** Finite points of a tensor. */
  readonly points: TensorNumbers;
  /** Those of them with gradient. */
  readonly active: TensorNumbers;
  readonly still: ReadonlyMap<number, Stillness>;
  /** Takes the next point of a tensor; its stillness, where it has no gradient. */
  readonly live: (tensor: number, sample: FirstZero & { readonly norm: number }) => Stillness | undefined;
  /** Groups have twins in a copy. */
  readonly copy: (twinOf: (group: DeadGroup) => DeadGroup) => Lives;
}

export function createLives(
  points = createTensorNumbers(),
  active = createTensorNumbers(),
  still = new Map<number, Stillness>(),
): Lives {
  function live(tensor: number, { step, line, norm }: FirstZero & { readonly norm: number }): Stillness | undefined {
    const known = still.size === 0 ? undefined : still.get(tensor); // Nearly always there is none.
    if (!Number.isFinite(norm)) {
      return known;
    }
    points.add(tensor, 1);
    if (norm !== 0) {
      active.add(tensor, 1);
      return known && comeBack(tensor, known);
    }
    if (points.of(tensor) <= GATED_POINTS) {
      return known;
    }
    const stillness = known ?? beginStillness(tensor, { step, line });
    stillness.zeros += 1;
    stillness.lastZero = step;
    stillness.otherSince = 0;
    return stillness;
  }

  function beginStillness(tensor: number, since: FirstZero): Stillness {
    const begun = { zeros: 0, since, lastZero: since.step, otherSince: 0, group: undefined };
    still.set(tensor, begun);
    return begun;
  }

  /** Gradient was seen: a tensor found dead must have it for 10 points before it lives again. */
  function comeBack(tensor: number, stillness: Stillness): Stillness | undefined {
    stillness.otherSince += 1;
    if (stillness.group !== undefined && stillness.otherSince < EXIT_POINTS) {
      return stillness;
    }
    stillness.group?.leave(tensor, stillness.lastZero);
    still.delete(tensor);
    return undefined;
  }

  return {
    points,
    active,
    still,
    live,
    copy(twinOf) {
      const entries = Array.from(still, ([tensor, one]): [number, Stillness] => [
        tensor,
        { ...one, group: one.group && twinOf(one.group) },
      ]);
      return createLives(points.copy(), active.copy(), new Map(entries));
    },
  };
}
