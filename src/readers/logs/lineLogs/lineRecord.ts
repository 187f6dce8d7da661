/** The values one line gives at a step. */
export interface LineRecord {
  readonly step: number;
  /** Who printed it, where the line says so. */
  readonly rank: string | null;
  readonly line: number;
  readonly samples: readonly LineSample[];
}

export interface LineSample {
  readonly name: string;
  readonly value: number;
  /** A norm or a loss: what records are compared by. */
  readonly isMetric: boolean;
  readonly resolution?: number | undefined;
}

/** Printed values by name; printed, since NaN is equal to itself here. */
export type Metrics = Readonly<Record<string, string>>;

/** Key of a rank among others. */
export function rankOfOther({ rank }: LineRecord): string {
  return rank ?? "";
}
