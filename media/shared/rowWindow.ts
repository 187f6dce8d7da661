/** Which rows of a long table are in the document, and the height of what is not. */
export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  readonly above: number;
  readonly below: number;
}

/** Rows kept ready outside the visible part, so that a scroll does not show white. */
const OVERSCAN = 12;

export function rowWindow(rows: number, rowHeight: number, scroll: { top: number; height: number }): RowWindow {
  const visible = Math.ceil(scroll.height / rowHeight) + 2 * OVERSCAN;
  const first = Math.max(0, Math.min(Math.floor(scroll.top / rowHeight) - OVERSCAN, rows - visible));
  const last = Math.min(rows, first + visible);
  return { first, last, above: first * rowHeight, below: (rows - last) * rowHeight };
}
