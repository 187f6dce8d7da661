import type { LogFormat } from "#core/log.ts";

/** A log of one trainer and what must be found in it, after the two lines of other output before it. */
export interface Case {
  readonly what: string;
  readonly format: LogFormat;
  readonly text: string;
  /** `[step, value, line]` of some series. */
  readonly expected: Readonly<Record<string, readonly (readonly [number, number, number])[] | undefined>>;
}
