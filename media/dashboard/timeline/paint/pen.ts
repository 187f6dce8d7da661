export interface Pen {
  readonly colour: string;
  /** CSS pixels. */
  readonly width: number;
  readonly alpha: number;
  readonly dash: readonly number[];
}
