import { readCarry } from "./shared/carry.ts";
import type { Fields } from "./shared/fields.ts";
import { parseRow, parseRows } from "./jsonLines/jsonRows.ts";
import { createEpochClock } from "./lineLogs/epochClock.ts";
import { firstLines } from "./shared/lines.ts";
import type { LogHead, TextReader } from "./reader.ts";
import type { RowSteps } from "./jsonLines/rowSteps.ts";

/**
 * `<time>.log.json` of mmcv 1.x: rows of JSON with the iteration within the epoch. How long an epoch is they do not say,
 * so it is taken from the largest iteration of the first one; steps are right to within one logging interval an epoch.
 */
export const mmcv: TextReader = {
  format: "mmcv",
  growth: "byLines",
  recognises,
  parse: (text, start) => parseRows(text, start, createSteps(readCarry(start.carry))),
};

// The first row describes the machine.
const LINES_TO_RECOGNISE = 5;

function recognises({ text }: LogHead): boolean {
  const rows = firstLines(text, LINES_TO_RECOGNISE).map(parseRow);
  return rows.some((row) => typeof row !== "string" && row["mode"] === "train" && placeOf(row) !== undefined);
}

function placeOf({ epoch, iter, step }: Fields): { readonly epoch: number; readonly iter: number } | undefined {
  return isPlace(epoch) && isPlace(iter) && step === undefined ? { epoch, iter } : undefined;
}

/** JSON has numbers that are too large for one, which read as Infinity. */
function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function createSteps({ clock: earlier }: Fields): RowSteps {
  const clock = createEpochClock(earlier);
  return {
    find(fields) {
      const place = placeOf(fields);
      if (place === undefined) {
        return undefined;
      }
      // Beside `val`, `iter` counts the batches of validation, which comes after the training of its epoch.
      const isTraining = fields["mode"] === "train";
      const step = isTraining ? clock.stepAt(place.epoch - 1, place.iter) : (clock.lastStep() ?? 0);
      return Number.isFinite(step) ? { key: "iter", step } : undefined;
    },
    isSettled: () => false,
    areEpochs: () => false,
    state: () => ({ clock: clock.state() }),
  };
}
