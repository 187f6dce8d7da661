import uPlot from "uplot";
import { readAt } from "../../charts/readout.ts";
import type { Reading } from "../../charts/readout.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { element } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { paintBack, paintFront } from "./paint/panel.ts";
import type { PanelPicture } from "./paint/panel.ts";
import { surfaceOf } from "./paint/surface.ts";
import { createPanelTitle } from "./panelTitle.ts";
import { plotOptions } from "./plotOptions.ts";
import type { PanelStyle } from "./roles.ts";
import { drawnLines, valueRange } from "./scene.ts";
import type { DrawnLine, Scene, SceneLine } from "./scene.ts";

/** One chart: axes by uPlot, data by our painters. */
export interface Panel {
  readonly element: HTMLElement;
  readonly draw: (scene: Scene) => void;
  readonly resize: (width: number) => void;
  /** The step under a horizontal position on the page. */
  readonly stepAt: (clientX: number) => number;
  /** The point of the first line in the pixel column under a position on the page. */
  readonly readingAt: (clientX: number) => Reading | undefined;
  readonly moveCursor: (step: number) => void;
  /** Marks the steps being brushed; undefined removes the mark. */
  readonly brush: (steps: StepRange | undefined) => void;
  readonly dispose: () => void;
}

export interface PanelSetup {
  readonly style: PanelStyle;
  readonly theme: Theme;
  readonly width: number;
  readonly hasStepLabels: boolean;
  readonly scene: Scene;
}

export function createPanel(setup: PanelSetup): Panel {
  const { style, theme } = setup;
  let { scene } = setup;
  let drawn: readonly DrawnLine[] = [];
  let values = { min: 0.1, max: 10 };
  const title = createPanelTitle(style, theme);
  const holder = element("div", { class: "panel-plot" });
  const picture = (): PanelPicture => ({ scene, drawn, style, values, hasStepLabels: setup.hasStepLabels });
  const { fromStep } = scene.horizontal; // Another axis has another panel.
  const surface = (): ReturnType<typeof surfaceOf> => surfaceOf(plot, theme, scene.horizontal);
  const plot = new uPlot(
    plotOptions({
      ...setup,
      unit: scene.horizontal.unit,
      valueRange: () => values,
      hooks: {
        drawClear: [() => paintBack(surface(), picture())],
        draw: [() => paintFront(surface(), picture())],
        setCursor: [read],
      },
    }),
    [
      [fromStep(scene.range.min), fromStep(scene.range.max)],
      [null, null],
    ],
    holder,
  );
  draw(scene);
  return {
    element: element("div", { class: "panel" }, [title.element, holder]),
    draw,
    resize(width) {
      plot.setSize({ width, height: plot.height });
      draw(scene);
    },
    stepAt: (clientX) => stepIn(plot, scene, leftOf(plot, clientX)),
    readingAt: (clientX) =>
      scene.lines[0] && readingIn(plot, scene, { line: scene.lines[0], left: leftOf(plot, clientX) }),
    moveCursor: (step) => plot.setCursor({ left: plot.valToPos(fromStep(step), "x"), top: 1 }),
    brush: (steps) => markSteps(plot, scene, steps),
    dispose: () => plot.destroy(),
  };

  function draw(newScene: Scene): void {
    scene = newScene;
    drawn = drawnLines(scene, Math.max(1, Math.round(plot.bbox.width)), style.isLog);
    values = valueRange(drawn, scene, style.isLog);
    title.showLines(scene);
    const { min, max } = scene.range;
    plot.batch(() => plot.setScale("x", { min: fromStep(min), max: fromStep(max) }));
    read();
  }

  function read(): void {
    const left = plot.cursor.left ?? -1;
    const readingOf = (line: SceneLine): Reading | undefined =>
      left >= 0 ? readingIn(plot, scene, { line, left }) : lastReading(line);
    title.showReadings(scene.lines.map(readingOf));
  }
}

/** The line's value in the pixel column at `left` of the plotting area. */
function readingIn(
  plot: uPlot,
  scene: Scene,
  at: { readonly line: SceneLine; readonly left: number },
): Reading | undefined {
  const column = Math.floor(at.left);
  return readAt(at.line.curve.current(), stepIn(plot, scene, column), stepIn(plot, scene, column + 1));
}

function stepIn(plot: uPlot, { horizontal }: Scene, left: number): number {
  return horizontal.toStep(plot.posToVal(left, "x"));
}

function leftOf(plot: uPlot, clientX: number): number {
  return clientX - plot.over.getBoundingClientRect().left;
}

function markSteps(plot: uPlot, { horizontal }: Scene, steps: StepRange | undefined): void {
  const placeOf = (step: number): number => plot.valToPos(horizontal.fromStep(step), "x");
  const left = steps === undefined ? 0 : placeOf(steps.min);
  const width = steps === undefined ? 0 : placeOf(steps.max) - left;
  plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
}

function lastReading({ curve }: SceneLine): Reading | undefined {
  const points = curve.current();
  const step = points.steps.at(-1);
  const value = points.values.at(-1);
  return step === undefined || value === undefined ? undefined : { step, value, of: 1 };
}
