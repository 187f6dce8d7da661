import type { LayerRow, FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import type { StepRange } from "../../charts/viewport.ts";
import { element } from "../../shared/element.ts";
import { onDidChangeTheme, readTheme } from "../../shared/theme.ts";
import type { ShownRun } from "../run.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createAsker } from "./asker.ts";
import { createHeatPart, foldsOf } from "./heatPart.ts";
import { createLayers, gridFor, placeOf } from "./layers.ts";
import { createLayersBar } from "./layersBar.ts";
import { createLinePart } from "./linePart.ts";
import { describeMovers } from "./moversTable.ts";
import { columnAround } from "./place.ts";
import { isFolded, toggleFold } from "./rows.ts";
import { createSharePart } from "./sharePart.ts";
import { createStepPart } from "./stepPart.ts";
import { parseLayersState, storedLayersState } from "./tabState.ts";
import type { LayersState } from "./tabState.ts";

/** The tab "Tensors": which layer? */
export function createTensors(session: Session, host: TabHost<FromTensors>): Tab<ToTensors> {
  const asker = createAsker(host.post);
  const layers = createLayers(session, asker, parseLayersState(session.view().tabStates.tensors));
  const heat = createHeatPart(layers, {
    choose,
    fold: (group) => change({ folds: toggleFold(foldsOf(layers), group) }),
    zoomTo: (range) => moved(session.zoom.set(range)),
    zoomAt: (step, factor) => moved(session.zoom.zoom(step, factor)),
    pan: (share) => moved(session.zoom.pan(share)),
  });
  const line = createLinePart(layers, (step) => reveal(step));
  const shares = createSharePart(layers);
  const atStep = createStepPart(layers, {
    choose: chooseTensor,
    goTo: (step) => goTo(null, { min: step, max: step }),
  });
  const bar = createLayersBar(layers.state, {
    change,
    foldAll: (areAllFolded) => change({ folds: { areAllFolded, except: new Set() } }),
    zoom: (factor) => moved(session.zoom.zoom(layers.cursorStep, factor)),
    reset: () => moved(session.zoom.set(undefined)),
  });
  const none = element("p", { class: "quiet-text", text: "This run's logs have no norms of single tensors." });
  const parts = element("div", { class: "layer-parts" }, [
    heat.element,
    line.element,
    element("div", { class: "layer-pair" }, [atStep.movers, shares.element]),
    atStep.depth,
  ]);
  const root = element("div", { class: "layers" }, [bar, none, parts]);
  let followed: unknown;
  onDidChangeTheme(() => {
    layers.theme = readTheme();
    draw();
  });
  new ResizeObserver(resize).observe(root);
  return { element: root, show, hide: () => undefined, receive: asker.receive };

  function show(run: ShownRun): void {
    if (run.id !== layers.runId) {
      turnTo(run.id);
    }
    const known = layers.groups.reduce((sum, { tensors }) => sum + tensors.length, 0);
    asker.ask("outline", {
      request: (id) => ({ kind: "outline", id, knownTensors: known }),
      receive: (answer) => receiveOutline(answer),
    });
    resize();
    followCursor();
  }

  function turnTo(runId: string): void {
    asker.reset();
    Object.assign(layers, { runId, groups: [], extent: undefined, selected: undefined });
    followed = undefined;
    [heat, shares, atStep].forEach((part) => part.clear());
  }

  function receiveOutline(answer: ToTensors): void {
    if (answer.kind !== "outline") {
      return;
    }
    const { groups, steps, interval, scale, tensors } = answer;
    const isFirst = layers.extent === undefined;
    layers.extent = steps === null ? undefined : { steps, interval, scale, tensors };
    layers.groups = groups ?? layers.groups;
    none.hidden = layers.extent !== undefined;
    parts.hidden = layers.extent === undefined;
    if (groups !== null || isFirst) {
      heat.arrange();
    }
    heat.renew();
    askAll();
    if (isFirst) {
      followCursor();
    }
  }

  /** What was looked at last in any tab, or the end of the run. */
  function followCursor(): void {
    const { chosen, cursor } = session;
    const { extent } = layers;
    const wanted = chosen ?? cursor;
    if (extent === undefined || (wanted === followed && followed !== undefined)) {
      return;
    }
    followed = wanted;
    const step = chosen?.peak ?? cursor ?? extent.steps.max;
    if (chosen?.tensor !== undefined && chosen.tensor !== null) {
      layers.selected = { kind: "tensor", name: chosen.tensor };
    }
    goTo(null, { min: step, max: step });
  }

  function choose(row: LayerRow, step: number): void {
    const { extent } = layers;
    if (extent !== undefined) {
      layers.selected = row;
      layers.cursorStep = step;
      goTo(row, columnAround(gridFor(placeOf(layers, extent), extent), step));
    }
  }

  function chooseTensor(tensor: string): void {
    const group = layers.groups.find(({ tensors }) => tensors.includes(tensor));
    const row: LayerRow = { kind: "tensor", name: tensor };
    layers.selected = row;
    if (group !== undefined && isFolded(foldsOf(layers), group.name)) {
      change({ folds: toggleFold(foldsOf(layers), group.name) });
    }
    heat.reveal(row);
    draw();
    line.ask();
  }

  /** The worst step of a row among these becomes the cursor of all pictures. */
  function goTo(row: LayerRow | null, steps: StepRange): void {
    const asked = row && { kind: row.kind, name: row.name };
    asker.ask("atStep", { request: (id) => ({ kind: "atStep", id, row: asked, steps }), receive: receiveStep });
    draw();
  }

  function receiveStep(answer: ToTensors): void {
    if (answer.kind === "atStep") {
      layers.cursorStep = answer.step;
      session.cursor = answer.step;
      followed = session.chosen ?? answer.step;
      atStep.show(answer);
      session.say(`Step ${answer.step}. ${describeMovers(answer.movers)}`);
      line.ask();
      draw();
    }
  }

  function change(changed: Partial<LayersState>): void {
    layers.state = { ...layers.state, ...changed };
    session.store({ tabStates: { ...session.view().tabStates, tensors: storedLayersState(layers.state) } });
    heat.arrange();
  }

  function moved(didChange: boolean): void {
    if (didChange) {
      session.store({ runId: layers.runId, range: session.zoom.chosen() });
      draw();
      askAll();
    }
  }

  function askAll(): void {
    shares.ask();
    line.ask();
  }

  function draw(): void {
    heat.draw();
    line.draw();
    shares.draw();
    atStep.draw();
  }

  function resize(): void {
    if (root.clientWidth !== layers.width) {
      layers.width = root.clientWidth;
      draw();
      askAll();
    }
  }

  function reveal(step: number): void {
    const { selected } = layers;
    session.host.post(
      selected?.kind === "tensor" ? { kind: "revealStep", step, tensor: selected.name } : { kind: "revealStep", step },
    );
  }
}
