/** Columns of equal width: column n holds the steps from `from + n·width` to below where the next begins. */
export interface StepGrid {
  readonly from: number;
  readonly width: number;
  readonly columns: number;
}

/** The step at which the grid ends: the first that is in no column. */
export function endOf({ from, width, columns }: StepGrid): number {
  return from + width * columns;
}

/** Outside of the grid it is negative, or not below the number of columns. */
export function columnOf({ from, width }: StepGrid, step: number): number {
  return Math.floor((step - from) / width);
}
