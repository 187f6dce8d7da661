import uPlot from "uplot";
import { logTicks } from "../../charts/axis.ts";
import { describeReading, readAt } from "../../charts/readout.ts";
import type { Reading } from "../../charts/readout.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { element, setText } from "../../shared/element.ts";
import type { Theme } from "../../shared/theme.ts";
import { paintPanel } from "./paint/panel.ts";
import { paintBands } from "./paint/findings.ts";
import { paintMinorGrid } from "./paint/grid.ts";
import { paintInside, surfaceOf } from "./paint/surface.ts";
import { createPanelTitle } from "./panelTitle.ts";
import { plotOptions } from "./plotOptions.ts";
import type { RoleStyle } from "./roles.ts";
import { drawnLines, valueRange } from "./scene.ts";
import type { DrawnLine, Scene } from "./scene.ts";

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
  readonly style: RoleStyle;
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
  const plot = new uPlot(
    plotOptions({
      ...setup,
      valueRange: () => values,
      hooks: { drawClear: [paintBack], draw: [paintFront], setCursor: [read] },
    }),
    [
      [scene.range.min, scene.range.max],
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
    stepAt: (clientX) => plot.posToVal(leftOf(plot, clientX), "x"),
    readingAt: (clientX) => readingIn(plot, scene, leftOf(plot, clientX)),
    moveCursor: (step) => plot.setCursor({ left: plot.valToPos(step, "x"), top: 1 }),
    brush: (steps) => markSteps(plot, steps),
    dispose: () => plot.destroy(),
  };

  function draw(newScene: Scene): void {
    scene = newScene;
    drawn = drawnLines(scene, Math.max(1, Math.round(plot.bbox.width)), style.isLog);
    values = valueRange(drawn, scene, style.isLog);
    title.show(scene.lines);
    plot.batch(() => plot.setScale("x", scene.range));
    read();
  }

  function paintBack(): void {
    const surface = surfaceOf(plot, theme);
    paintInside(surface, 0, () => {
      paintBands(surface, scene.findings, scene.chosen);
      if (style.isLog) {
        paintMinorGrid(surface, logTicks(values).minor);
      }
    });
  }

  function paintFront(): void {
    paintPanel(surfaceOf(plot, theme), { scene, drawn, style });
  }

  function read(): void {
    const left = plot.cursor.left ?? -1;
    const shown = left >= 0 ? readingIn(plot, scene, left) : lastReading(scene);
    setText(title.readout, describeReading(shown));
  }
}

/** The first line's value in the pixel column at `left` of the plotting area. */
function readingIn(plot: uPlot, { lines }: Scene, left: number): Reading | undefined {
  const points = lines[0]?.curve.current();
  const column = Math.floor(left);
  return points && readAt(points, plot.posToVal(column, "x"), plot.posToVal(column + 1, "x"));
}

function leftOf(plot: uPlot, clientX: number): number {
  return clientX - plot.over.getBoundingClientRect().left;
}

function markSteps(plot: uPlot, steps: StepRange | undefined): void {
  const left = steps === undefined ? 0 : plot.valToPos(steps.min, "x");
  const width = steps === undefined ? 0 : plot.valToPos(steps.max, "x") - left;
  plot.setSelect({ left, width, top: 0, height: plot.over.clientHeight }, false);
}

function lastReading({ lines }: Scene): Reading | undefined {
  const points = lines[0]?.curve.current();
  const step = points?.steps.at(-1);
  const value = points?.values.at(-1);
  return step === undefined || value === undefined ? undefined : { step, value, of: 1 };
}
