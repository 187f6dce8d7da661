import { numberOrNullIn, stringIn } from "../shared/carry.ts";
import type { Fields } from "../shared/fields.ts";
import { findStep, isEpochKey } from "../shared/steps.ts";
import type { FoundStep } from "../shared/steps.ts";

/** Which step a row belongs to, by what the rows before it had. */
export interface RowSteps {
  readonly find: (fields: Fields) => FoundStep | undefined;
  /** Whether a row like one before, whose step stood under the key, has its step there and as it stands. */
  readonly isSettled: (key: string) => boolean;
  /** The rows have no steps but epochs. */
  readonly areEpochs: () => boolean;
  /** What must be remembered, for JSON. */
  readonly state: () => unknown;
}

export function createRowSteps(earlier: Fields): RowSteps {
  let stepKey = stringIn(earlier, "stepKey");
  let iteration = numberOrNullIn(earlier, "iteration");

  /** mmengine gives training's rows `iter` and `step` alike, validation's only a `step`, which is the epoch. */
  function placeAfterTraining(fields: Fields, found: FoundStep): FoundStep {
    const { iter } = fields;
    if (iter === undefined) {
      return iteration !== null && found.step < iteration ? { ...found, step: iteration } : found;
    }
    if (iter === found.step) {
      iteration = found.step;
    }
    return found;
  }

  return {
    find(fields) {
      const found = findStep(fields, stepKey);
      if (found === undefined) {
        return undefined;
      }
      stepKey = found.key;
      return stepKey === "step" ? placeAfterTraining(fields, found) : found;
    },
    isSettled: (key) => key === stepKey && (key !== "step" || iteration === null),
    areEpochs: () => stepKey !== null && isEpochKey(stepKey),
    state: () => ({ stepKey, ...(iteration !== null && { iteration }) }),
  };
}
