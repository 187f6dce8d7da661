import { formatNumber } from "#core/format.ts";
import type { Reading } from "../../charts/readout.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { createDrawing } from "./drawing.ts";
import type { Drawing } from "./drawing.ts";
import { attachGestures } from "./gestures.ts";
import type { GestureActions } from "./gestures.ts";
import type { Panel } from "./panel.ts";
import { createPanelSet } from "./panelSet.ts";
import { RIGHT_MARGIN, VALUE_AXIS_WIDTH } from "./plotOptions.ts";
import type { Zoom } from "../zoom.ts";

/** All panels of a run, drawn on the same steps, and what a pointer does on them; or the same as a table. */
export interface Charts extends Pick<Drawing, "table" | "toggle" | "draw" | "drawSoon"> {
  readonly element: HTMLElement;
  /** Puts the cursor of all panels on a step, for the keyboard. */
  readonly moveCursor: (step: number) => void;
  /** Builds the panels anew in the theme of now. */
  readonly restyle: () => void;
}

export interface ChartsOptions {
  /** What the panels show. */
  readonly title: string;
  readonly zoom: Zoom;
  readonly onDidZoom: () => void;
  readonly onDidClick: (reading: Reading, reach: number) => void;
  /** What the menu of a right click needs to know, as VS Code hands it to commands. */
  readonly menuContext: (reading: Reading, reach: number) => Readonly<Record<string, unknown>>;
}

/** A click this near to a mark means the mark, in CSS pixels. */
const CLICK_REACH = 8;

export function createCharts({ title, zoom, onDidZoom, onDidClick, menuContext }: ChartsOptions): Charts {
  const panels = createPanelSet((panel) => {
    attachGestures(panel.element, gesturesOf(panel));
    panel.element.addEventListener("contextmenu", (event) => describeForMenu(panel, event.clientX, menuContext));
  });
  const { redraw, ...drawing } = createDrawing(title, panels, zoom);
  return { element: panels.element, ...drawing, moveCursor: (step) => panels.all()[0]?.moveCursor(step), restyle };

  function restyle(): void {
    panels.clear();
    redraw();
  }

  function gesturesOf(panel: Panel): GestureActions {
    return {
      brushing: (from, to) => panels.all().forEach((each) => each.brush(brushed(panel, from, to))),
      brushed: (from, to) => changed(zoom.set(brushed(panel, from, to))),
      panned: (pixels) => changed(zoom.pan(pixels / (panels.width() - VALUE_AXIS_WIDTH - RIGHT_MARGIN))),
      zoomed: (at, factor) => changed(zoom.zoom(panel.stepAt(at), factor)),
      clicked: (at) => click(panel, at),
      reset: () => changed(zoom.set(undefined)),
    };
  }

  function changed(didChange: boolean): boolean {
    if (didChange) {
      drawing.drawSoon();
      onDidZoom();
    }
    return didChange;
  }

  function click(panel: Panel, at: number): void {
    const reading = panel.readingAt(at);
    if (reading !== undefined) {
      onDidClick(reading, reachOf(panel, at));
    }
  }
}

/** VS Code reads the attribute when its own listener hears of the right click, after this one. */
function describeForMenu(panel: Panel, at: number, menuContext: ChartsOptions["menuContext"]): void {
  const reading = panel.readingAt(at);
  if (reading === undefined) {
    delete panel.element.dataset["vscodeContext"];
  } else {
    panel.element.dataset["vscodeContext"] = JSON.stringify({
      webviewSection: "point",
      preventDefaultContextMenuItems: true,
      step: reading.step,
      value: formatNumber(reading.value),
      ...menuContext(reading, reachOf(panel, at)),
    });
  }
}

function reachOf(panel: Panel, at: number): number {
  return panel.stepAt(at + CLICK_REACH) - panel.stepAt(at);
}

/** The steps between two positions on the page; none when they are the same. */
function brushed(panel: Panel, from: number, to: number): StepRange | undefined {
  const [left, right] = from < to ? [from, to] : [to, from];
  return from === to ? undefined : { min: panel.stepAt(left), max: panel.stepAt(right) };
}
