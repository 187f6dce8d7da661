import type { LogFormat } from "#core/log.ts";

/** How a trainer prints the line of a step. Patterns have the flag `g`. */
export interface Dialect {
  readonly format: LogFormat;
  /** Every line of a record holds it, so that others are passed over quickly. */
  readonly hint: string;
  /**
   * Where a record begins. Its groups: `step`; or `epoch`, `at` and `of` for a step within an epoch; `scope` for what
   * goes before the names of a line that is not training's. No other number stands before the step.
   */
  readonly anchor: RegExp;
  /** A name and its value, as groups 1 and 2; the match ends where the value ends. */
  readonly pair: RegExp;
  /** Values that are the step, rather than what the anchor says. */
  readonly stepNames?: readonly string[];
  /** Number of the first epoch, where steps are counted within epochs. */
  readonly firstEpoch?: 0 | 1;
  /** How long an epoch is, only all epochs before tell. */
  readonly countsEpochs?: true;
  /** Printed with `%.3f` and the like. Else values have all their digits, and only a `0.000` shows that it has not. */
  readonly hasFixedDecimals: boolean;
  /** Values printed as percentages of updates. */
  readonly percentages?: readonly string[];
  /** What ends a record. One that does not end was wrapped by a terminal and goes on in the next lines. */
  readonly terminator?: string;
}
