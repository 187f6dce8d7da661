import type { Axis } from "#core/series.ts";
import type { Finding } from "#core/finding.ts";
import type { LayerGrid, LayerRow } from "#protocol/dashboard/tensors.ts";
import type { Theme } from "../../shared/theme.ts";
import type { CellRows } from "./cellRows.ts";
import type { Palette, Scale } from "./paintRow.ts";
import type { ColourMode } from "./palette.ts";
import type { Place } from "./place.ts";
import type { ShownRow } from "./rows.ts";

/** Everything that the picture of tensors and steps shows. */
export interface HeatView {
  readonly rows: readonly ShownRow[];
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly place: Place;
  /** What the steps count, when it is not optimizer steps. */
  readonly axis: Axis | undefined;
  readonly grid: LayerGrid;
  readonly cells: CellRows;
  readonly mode: ColourMode;
  readonly scale: Scale;
  readonly palette: Palette;
  readonly theme: Theme;
  readonly cursor: { readonly row: number; readonly step: number };
  /** The row whose line is shown below. */
  readonly selected: LayerRow | undefined;
  readonly findings: readonly Finding[];
}

/** What of it is on screen, in CSS pixels from the top of all rows. */
export interface Sight {
  readonly top: number;
  readonly height: number;
}

/** Rows in sight, and one more where the last is cut. */
export function rowsInSight({ rows, rowHeight }: Pick<HeatView, "rows" | "rowHeight">, sight: Sight): [number, number] {
  const first = Math.max(0, Math.floor(sight.top / rowHeight));
  return [first, Math.min(rows.length, Math.ceil((sight.top + sight.height) / rowHeight))];
}
