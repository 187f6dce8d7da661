import { stepTitle } from "#l10n/stepName.ts";
import type { LayerRow, ToTensors } from "#protocol/dashboard/tensors.ts";
import type { StepRange } from "../../charts/viewport.ts";
import type { HeatPart } from "./heatPart.ts";
import { foldsOf, gridFor, placeOf } from "./layers.ts";
import type { Layers } from "./layers.ts";
import type { LinePart } from "./linePart.ts";
import { describeMovers } from "./moversTable.ts";
import { columnAround } from "./place.ts";
import { isFolded, toggleFold } from "./rows.ts";
import type { SharePart } from "./sharePart.ts";
import type { StepPart } from "./stepPart.ts";
import { storedLayersState } from "./tabState.ts";
import type { LayersState } from "./tabState.ts";

/** The tab with its parts. */
export interface LayersTab {
  readonly layers: Layers;
  readonly heat: HeatPart;
  readonly line: LinePart;
  readonly shares: SharePart;
  readonly atStep: StepPart;
  /** The finding or step that the cursor went to last because another tab left it. */
  followed: unknown;
}

export function drawAll({ heat, line, shares, atStep }: LayersTab): void {
  heat.draw();
  line.draw();
  shares.draw();
  atStep.draw();
}

/** Draws at other steps or another width, or a run that has grown, and asks for what that needs. */
export function askAll({ shares, line }: LayersTab): void {
  shares.ask();
  line.ask();
}

export function turnToRun(tab: LayersTab, runId: string): void {
  tab.layers.asker.reset();
  Object.assign(tab.layers, { runId, groups: [], extent: undefined, selected: undefined });
  tab.followed = undefined;
  [tab.heat, tab.shares, tab.atStep].forEach((part) => part.clear());
}

export function takeOutline(tab: LayersTab, outline: Extract<ToTensors, { kind: "outline" }>): void {
  const { layers, heat } = tab;
  const { groups, steps, interval, scale, foldedScale, tensors } = outline;
  const isFirst = layers.extent === undefined;
  layers.extent = steps === null ? undefined : { steps, interval, scale, foldedScale, tensors };
  layers.groups = groups ?? layers.groups;
  const { session } = layers;
  if (steps !== null && session.run !== undefined) {
    session.tensorSteps = { ...steps, interval };
    session.growZoom(session.run);
  }
  if (groups !== null || isFirst) {
    heat.arrange();
  }
  heat.renew();
  askAll(tab);
  if (isFirst) {
    followCursor(tab);
  }
}

/** To what was looked at last in any tab, or the end of the run. */
export function followCursor(tab: LayersTab): void {
  const { session, extent } = tab.layers;
  chooseWanted(tab);
  const { chosen, cursor } = session;
  const wanted = chosen ?? cursor;
  if (extent === undefined || (wanted === tab.followed && tab.followed !== undefined)) {
    return;
  }
  tab.followed = wanted;
  if (chosen?.tensor !== undefined && chosen.tensor !== null) {
    tab.layers.selected = { kind: "tensor", name: chosen.tensor };
  }
  const step = chosen?.peak ?? cursor ?? extent.steps.max;
  goTo(tab, null, { min: step, max: step });
}

/** The tensor that was asked for from outside. */
function chooseWanted(tab: LayersTab): void {
  const { session, extent } = tab.layers;
  if (extent !== undefined && session.wantedTensor !== undefined) {
    tab.line.showNext();
    chooseTensor(tab, session.wantedTensor);
    session.wantedTensor = undefined;
  }
}

export function chooseCell(tab: LayersTab, row: LayerRow, step: number): void {
  const { layers } = tab;
  if (layers.extent !== undefined) {
    layers.selected = row;
    layers.cursorStep = step;
    goTo(tab, row, columnAround(gridFor(placeOf(layers, layers.extent), layers.extent), step));
  }
}

export function chooseTensor(tab: LayersTab, tensor: string): void {
  const { layers, heat, line } = tab;
  const group = layers.groups.find(({ tensors }) => tensors.includes(tensor));
  layers.selected = { kind: "tensor", name: tensor };
  if (group !== undefined && isFolded(foldsOf(layers), group.name)) {
    changeState(tab, { folds: toggleFold(foldsOf(layers), group.name) });
  }
  heat.reveal(layers.selected);
  drawAll(tab);
  line.ask();
}

/** The worst step of a row among these becomes the cursor of all pictures. */
export function goTo(tab: LayersTab, row: LayerRow | null, steps: StepRange): void {
  const asked = row && { kind: row.kind, name: row.name };
  tab.layers.asker.ask("atStep", {
    request: (id) => ({ kind: "atStep", id, row: asked, steps }),
    receive(answer) {
      if (answer.kind === "atStep") {
        takeStep(tab, answer);
      }
    },
  });
  drawAll(tab);
}

function takeStep(tab: LayersTab, answer: Extract<ToTensors, { kind: "atStep" }>): void {
  const { layers, line, atStep } = tab;
  const { session } = layers;
  layers.cursorStep = answer.step;
  session.cursor = answer.step;
  tab.followed = session.chosen ?? answer.step;
  atStep.show(answer);
  session.say(`${stepTitle(answer.step, session.run?.axis)}: ${describeMovers(answer.movers)}`);
  line.ask();
  drawAll(tab);
}

export function changeState({ layers, heat }: LayersTab, changed: Partial<LayersState>): void {
  const { session } = layers;
  layers.state = { ...layers.state, ...changed };
  session.store({ tabStates: { ...session.view().tabStates, tensors: storedLayersState(layers.state) } });
  heat.arrange();
}

/** After the zoom was asked to change. */
export function showZoom(tab: LayersTab, didChange: boolean): void {
  const { session, runId } = tab.layers;
  if (didChange) {
    session.store({ runId, range: session.zoom.chosen() });
    tab.heat.draw();
    askAll(tab);
  }
}
