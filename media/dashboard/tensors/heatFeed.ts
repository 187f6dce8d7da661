import type { ShownRow } from "./rows.ts";
import type { Asker } from "./asker.ts";
import type { HeatView } from "./heatView.ts";
import type { createHeatTable } from "./heatTable.ts";
import { TABLE_COLUMNS } from "./heatTable.ts";

/** Cells of one question: a large answer would keep the next one waiting. */
const CELLS_AT_ONCE = 150_000;

/** Asks for the cells of rows that are wanted and not there yet, some rows at a time. */
export function askForCells(
  asker: Asker,
  view: HeatView,
  { wanted, didArrive }: { readonly wanted: readonly ShownRow[]; readonly didArrive: () => void },
): void {
  const { cells, grid } = view;
  const missing = wanted.filter((row) => !cells.isFresh(row, grid));
  if (missing.length === 0) {
    return;
  }
  const asked = missing.slice(0, Math.max(1, Math.floor(CELLS_AT_ONCE / grid.columns)));
  asker.ask("heat", {
    request: (id) => ({ kind: "cells", id, grid, rows: asked.map(({ kind, name }) => ({ kind, name })) }),
    receive(answer) {
      if (answer.kind === "cells") {
        cells.add(answer);
        didArrive();
      }
    },
  });
}

/** The same rows in some parts of the steps. */
export function askForTable(
  asker: Asker,
  { rows, place, axis }: HeatView,
  table: ReturnType<typeof createHeatTable>,
): void {
  const { min, max } = place.range;
  const grid = { from: min, width: ((max - min) / TABLE_COLUMNS) * (1 + 1e-9), columns: TABLE_COLUMNS };
  asker.ask("table", {
    request: (id) => ({ kind: "cells", id, grid, rows: rows.map(({ kind, name }) => ({ kind, name })) }),
    receive(answer) {
      if (answer.kind === "cells") {
        table.show(rows, answer, axis);
      }
    },
  });
}
