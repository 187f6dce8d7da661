import type { Finding } from "#core/finding.ts";
import type { Reading } from "../../charts/readout.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { attachGestures } from "./gestures.ts";
import type { GestureActions } from "./gestures.ts";
import type { Panel } from "./panel.ts";
import { createPanelSet } from "./panelSet.ts";
import { RIGHT_MARGIN, VALUE_AXIS_WIDTH } from "./plotOptions.ts";
import { linesOf } from "../run.ts";
import type { ShownRun } from "../run.ts";
import type { Zoom } from "../zoom.ts";

/** All panels of a run, drawn on the same steps, and what a pointer does on them. */
export interface Charts {
  readonly element: HTMLElement;
  readonly draw: (run: ShownRun, chosen: Finding | undefined) => void;
  /** Draws once in the next frame, however often it is asked. */
  readonly drawSoon: () => void;
  /** Puts the cursor of all panels on a step, for the keyboard. */
  readonly moveCursor: (step: number) => void;
  /** Builds the panels anew in the theme of now. */
  readonly restyle: () => void;
}

export interface ChartsOptions {
  readonly zoom: Zoom;
  readonly onDidZoom: () => void;
  readonly onDidClick: (reading: Reading, reach: number) => void;
}

/** A click this near to a mark means the mark, in CSS pixels. */
const CLICK_REACH = 8;

export function createCharts({ zoom, onDidZoom, onDidClick }: ChartsOptions): Charts {
  const panels = createPanelSet((panel) => attachGestures(panel.element, gesturesOf(panel)));
  let drawn: { readonly run: ShownRun; readonly chosen: Finding | undefined } | undefined;
  let isDrawAwaited = false;
  return { element: panels.element, draw, drawSoon, moveCursor: (step) => panels.all()[0]?.moveCursor(step), restyle };

  function draw(run: ShownRun, chosen: Finding | undefined): void {
    drawn = { run, chosen };
    redraw();
  }

  function redraw(): void {
    if (drawn !== undefined) {
      const { run, chosen } = drawn;
      const { findings, clipThreshold } = run;
      panels.draw(run, ({ role }) => {
        return { lines: linesOf(run, role), range: zoom.shown(), findings, chosen, clipThreshold };
      });
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
      drawSoon();
      onDidZoom();
    }
    return didChange;
  }

  function click(panel: Panel, at: number): void {
    const reading = panel.readingAt(at);
    if (reading !== undefined) {
      onDidClick(reading, panel.stepAt(at + CLICK_REACH) - panel.stepAt(at));
    }
  }
}

/** The steps between two positions on the page; none when they are the same. */
function brushed(panel: Panel, from: number, to: number): StepRange | undefined {
  const [left, right] = from < to ? [from, to] : [to, from];
  return from === to ? undefined : { min: panel.stepAt(left), max: panel.stepAt(right) };
}
