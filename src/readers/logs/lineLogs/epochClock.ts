import { isFields } from "../shared/fields.ts";

/** Turns a place within an epoch into a step of the whole training. */
export interface EpochClock {
  /**
   * A log that does not say how long an epoch is tells it when the first one ends: its largest place. Until then, and in
   * a log that begins in a later epoch, steps count from the first epoch seen.
   */
  readonly stepAt: (epoch: number, at: number) => number;
  /** The step an epoch has reached. */
  readonly lastStep: () => number | undefined;
  readonly state: () => unknown;
}

/** `epoch` counts from zero. */
export function createEpochClock(earlier: unknown): EpochClock {
  const fields = isFields(earlier) ? earlier : {};
  let epoch = numberOr(fields["epoch"], null);
  let largest = numberOr(fields["largest"], 0) ?? 0;
  let length = numberOr(fields["length"], 0) ?? 0;
  let isGlobal = fields["isGlobal"] === true;

  function stepOf(inEpoch: number, at: number): number {
    return isGlobal ? at : inEpoch * length + at;
  }

  return {
    stepAt(nowIn, at) {
      if (epoch !== null && nowIn !== epoch) {
        // Places that go on over the end of an epoch are steps already.
        isGlobal ||= length === 0 && at > largest;
        length = Math.max(length, largest);
        largest = 0;
      }
      epoch = nowIn;
      largest = Math.max(largest, at);
      return stepOf(nowIn, at);
    },
    lastStep: () => (epoch === null ? undefined : stepOf(epoch, largest)),
    state: () => ({ epoch, largest, length, isGlobal }),
  };
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === "number" ? value : otherwise;
}
