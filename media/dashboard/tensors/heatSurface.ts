import { element } from "../../shared/element.ts";
import { createCanvas } from "./canvas.ts";
import { createHeatBody } from "./heatBody.ts";
import { drawCursor } from "./heatCursor.ts";
import { drawNames } from "./heatNames.ts";
import type { HeatView, Sight } from "./heatView.ts";
import { AXIS_HEIGHT, drawStepAxis } from "./stepAxis.ts";

/** The canvas that stays in sight while its rows scroll, with the steps below. */
export interface HeatSurface {
  /** Scrolls, and takes the keys. */
  readonly scroller: HTMLElement;
  readonly canvas: HTMLElement;
  readonly axis: HTMLElement;
  readonly draw: (view: HeatView) => void;
  /** After a scroll: nothing but the rows is another. */
  readonly drawRows: (view: HeatView) => void;
  /** Of the view that was drawn last. */
  readonly sight: () => Sight;
  readonly scrollTo: (row: number) => void;
}

/** CSS pixels. */
const MOST_HEIGHT = 460;

export function createHeatSurface(): HeatSurface {
  const canvas = createCanvas({ class: "heat-canvas" });
  const axis = createCanvas({ class: "heat-axis" });
  const space = element("div", { class: "heat-space" }, [canvas.element]);
  const scroller = element("div", { class: "heat-scroller", attributes: { role: "img", tabindex: "0" } }, [space]);
  const body = createHeatBody();
  let rowHeight = 1;
  let height = 0;
  const sight = (): Sight => ({ top: scroller.scrollTop, height: Math.min(MOST_HEIGHT, height) });
  return {
    scroller,
    canvas: canvas.element,
    axis: axis.element,
    sight,
    drawRows,
    draw(view) {
      ({ rowHeight } = view);
      height = view.rows.length * rowHeight;
      space.style.setProperty("height", `${height}px`);
      scroller.style.setProperty("height", `${Math.min(MOST_HEIGHT, height)}px`);
      drawRows(view);
      const { place, theme, findings } = view;
      axis.paint({ width: scroller.clientWidth, height: AXIS_HEIGHT }, (context) => {
        drawStepAxis(context, { place, theme, findings, top: 0 });
      });
    },
    scrollTo(row) {
      const { top, height: seen } = sight();
      if (row * rowHeight < top || (row + 1) * rowHeight > top + seen) {
        scroller.scrollTop = row * rowHeight - seen / 2;
      }
    },
  };

  function drawRows(view: HeatView): void {
    const { left, width } = view.place;
    const seen = sight();
    canvas.paint({ width: left + width, height: Math.max(1, seen.height) }, (context) => {
      body.draw(context, view, seen);
      drawNames(context, view, seen);
      drawCursor(context, view, seen);
    });
  }
}
