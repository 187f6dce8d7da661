import { BY_STEP } from "../../charts/horizontal.ts";
import type { StepColumn } from "../../charts/stepColumns.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { createTableToggle } from "../tableToggle.ts";
import type { Zoom } from "../zoom.ts";
import type { PanelSet, PanelSpec } from "./panelSet.ts";
import { createStepTable } from "./stepTable.ts";

export type PanelsAt = (range: StepRange) => readonly PanelSpec[];

/** Panels, or the same as a table, drawn at every zoom. */
export interface Drawing {
  readonly table: HTMLElement;
  /** Changes between panels and table. */
  readonly toggle: HTMLElement;
  /** Draws these panels, or a table of these columns, now and at every zoom to come. */
  readonly draw: (panelsAt: PanelsAt, columns: readonly StepColumn[]) => void;
  readonly redraw: () => void;
  /** Draws once in the next frame, however often it is asked. */
  readonly drawSoon: () => void;
}

/** `title` says what the panels show. */
export function createDrawing(title: string, panels: PanelSet, zoom: Zoom): Drawing {
  const table = createStepTable(title);
  const toggle = createTableToggle({ title, chart: panels.element, table: table.element, onDidSwitch: redraw });
  let drawn: { readonly panelsAt: PanelsAt; readonly columns: readonly StepColumn[] } | undefined;
  let isDrawAwaited = false;
  return {
    table: table.element,
    toggle: toggle.button,
    draw(panelsAt, columns) {
      drawn = { panelsAt, columns };
      redraw();
    },
    redraw,
    drawSoon,
  };

  function redraw(): void {
    if (drawn === undefined) {
      return;
    }
    const range = zoom.shown();
    const specs = drawn.panelsAt(range);
    if (toggle.isTable()) {
      table.show({ columns: drawn.columns, range, horizontal: specs[0]?.scene.horizontal ?? BY_STEP });
    } else {
      panels.draw(specs);
    }
  }

  function drawSoon(): void {
    if (!isDrawAwaited) {
      isDrawAwaited = true;
      requestAnimationFrame(() => {
        isDrawAwaited = false;
        redraw();
      });
    }
  }
}
