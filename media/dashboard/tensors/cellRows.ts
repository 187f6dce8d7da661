import type { LayerGrid, LayerRow, ToTensors } from "#protocol/dashboard/tensors.ts";
import { keyOfRow } from "./rows.ts";

/** The cells of one row, at the columns of a grid. */
export interface CellRow {
  readonly grid: LayerGrid;
  readonly most: Float32Array;
  readonly least: Float32Array;
  readonly marks: Uint8Array;
  readonly steps: Uint32Array;
}

/** Cells by row, as far as they came. A row keeps its older cells until newer ones arrive. */
export interface CellRows {
  readonly get: (row: LayerRow) => CellRow | undefined;
  readonly add: (answer: Extract<ToTensors, { kind: "cells" | "line" }>) => void;
  /** Whether a row's cells are of this grid and as new as the run. */
  readonly isFresh: (row: LayerRow, grid: LayerGrid) => boolean;
  /** The run has grown: all that is here is old. */
  readonly age: () => void;
  readonly clear: () => void;
}

/** 13 bytes each; the rows that came first leave first. */
const MOST_CELLS = 4_000_000;

export function createCellRows(): CellRows {
  const rows = new Map<string, CellRow>();
  let old = new Set<string>();
  let cells = 0;
  return {
    get: (row) => rows.get(keyOfRow(row)),
    add(answer) {
      for (const [key, row] of rowsOf(answer)) {
        remove(key);
        rows.set(key, row);
        old.delete(key);
        cells += row.most.length;
      }
      makeRoom();
    },
    isFresh(row, grid) {
      const known = rows.get(keyOfRow(row))?.grid;
      return known !== undefined && !old.has(keyOfRow(row)) && isSameGrid(known, grid);
    },
    age: () => (old = new Set(rows.keys())),
    clear() {
      rows.clear();
      cells = 0;
    },
  };

  function makeRoom(): void {
    for (const key of rows.keys()) {
      if (cells <= MOST_CELLS) {
        return;
      }
      remove(key);
    }
  }

  function remove(key: string): void {
    cells -= rows.get(key)?.most.length ?? 0;
    rows.delete(key);
  }
}

function rowsOf(answer: Extract<ToTensors, { kind: "cells" | "line" }>): readonly (readonly [string, CellRow])[] {
  const { grid } = answer;
  const rows = answer.kind === "line" ? [answer.row] : answer.rows;
  return rows.map((row, index) => {
    const [from, to] = [index * grid.columns, (index + 1) * grid.columns];
    const part = {
      most: answer.most.subarray(from, to),
      least: answer.least.subarray(from, to),
      marks: answer.marks.subarray(from, to),
      steps: answer.steps.subarray(from, to),
    };
    return [keyOfRow(row), { grid, ...part }] as const;
  });
}

function isSameGrid(a: LayerGrid, b: LayerGrid): boolean {
  return a.from === b.from && a.width === b.width && a.columns === b.columns;
}
