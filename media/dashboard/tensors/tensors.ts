import type { FromTensors, ToTensors } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { onDidChangeTheme, readTheme } from "../../shared/theme.ts";
import { createWaysOut } from "../emptyState.ts";
import type { Exported } from "../export/exported.ts";
import { exportTensors } from "../export/tensorsExport.ts";
import type { ShownRun } from "../run.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createAsker } from "./asker.ts";
import { createHeatPart } from "./heatPart.ts";
import { createLayers, foldsOf } from "./layers.ts";
import type { Layers } from "./layers.ts";
import { createLayersBar } from "./layersBar.ts";
import {
  askAll,
  changeState,
  chooseCell,
  chooseTensor,
  drawAll,
  followCursor,
  goTo,
  showZoom,
  takeOutline,
  turnToRun,
} from "./layersTab.ts";
import type { LayersTab } from "./layersTab.ts";
import { createLinePart } from "./linePart.ts";
import { toggleFold } from "./rows.ts";
import { createSharePart } from "./sharePart.ts";
import { createStepPart } from "./stepPart.ts";
import { parseLayersState } from "./tabState.ts";

/** The tab "Tensors": which layer? */
export function createTensors(session: Session, host: TabHost<FromTensors>): Tab<ToTensors> {
  const asker = createAsker(host.post);
  const layers = createLayers(session, asker, parseLayersState(session.view().tabStates.tensors));
  const tab = createParts(layers);
  const bar = createBar(tab);
  const none = createWaysOut(
    {
      class: "missing",
      text: t("This run's logs have no norms of single tensors. A few lines in the training script add them."),
      ways: ["insertLogging"],
    },
    session.host.post,
  );
  const pictures = element("div", { class: "layer-parts" }, [
    tab.heat.element,
    tab.line.element,
    tab.atStep.movers,
    tab.shares.element,
    tab.atStep.depth,
  ]);
  const root = element("div", { class: "layers" }, [bar, none, pictures]);
  onDidChangeTheme(() => {
    layers.theme = readTheme();
    drawAll(tab);
  });
  new ResizeObserver(resize).observe(root);
  return { element: root, show, hide: () => undefined, receive: asker.receive, exported };

  function exported(width: number): Exported | undefined {
    const heat = tab.heat.picture();
    const { run } = session;
    return heat && run && exportTensors(run, { heat, atStep: tab.atStep.shown() }, width);
  }

  function show(run: ShownRun): void {
    if (run.id !== layers.runId) {
      turnToRun(tab, run.id);
    }
    const knownTensors = layers.groups.reduce((sum, { tensors }) => sum + tensors.length, 0);
    asker.ask("outline", { request: (id) => ({ kind: "outline", id, knownTensors }), receive: receiveOutline });
    resize();
    followCursor(tab);
  }

  function receiveOutline(answer: ToTensors): void {
    if (answer.kind === "outline") {
      none.hidden = answer.steps !== null;
      bar.hidden = answer.steps === null;
      pictures.hidden = answer.steps === null;
      takeOutline(tab, answer);
    }
  }

  function resize(): void {
    if (root.clientWidth !== layers.width) {
      layers.width = root.clientWidth;
      drawAll(tab);
      askAll(tab);
    }
  }
}

function createParts(layers: Layers): LayersTab {
  const { zoom, host } = layers.session;
  const tab: LayersTab = {
    layers,
    heat: createHeatPart(layers, {
      choose: (row, step) => chooseCell(tab, row, step),
      fold: (group) => changeState(tab, { folds: toggleFold(foldsOf(layers), group) }),
      zoomTo: (range) => showZoom(tab, zoom.set(range)),
      zoomAt: (step, factor) => showZoom(tab, zoom.zoom(step, factor)),
      pan: (share) => showZoom(tab, zoom.pan(share)),
    }),
    line: createLinePart(layers, (step) => {
      const tensor = layers.selected?.kind === "tensor" ? { tensor: layers.selected.name } : {};
      host.post({ kind: "revealStep", step, ...tensor });
    }),
    shares: createSharePart(layers),
    atStep: createStepPart(layers, {
      choose: (tensor) => chooseTensor(tab, tensor),
      goTo: (step) => goTo(tab, null, { min: step, max: step }),
    }),
    followed: undefined,
  };
  return tab;
}

function createBar(tab: LayersTab): HTMLElement {
  const { layers } = tab;
  const { zoom } = layers.session;
  return createLayersBar(layers.state, {
    change: (changed) => changeState(tab, changed),
    foldAll: (areAllFolded) => changeState(tab, { folds: { areAllFolded, except: new Set() } }),
    zoom: (factor) => showZoom(tab, zoom.zoom(layers.cursorStep, factor)),
    reset: () => showZoom(tab, zoom.set(undefined)),
  });
}
