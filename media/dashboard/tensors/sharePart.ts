import type { LayerGrid, ToTensors } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { describeColumn } from "./describeCell.ts";
import { createFigure } from "../figure.ts";
import { placeOf } from "./layers.ts";
import type { Layers } from "./layers.ts";
import type { Place } from "./place.ts";
import { createShareChart } from "./shareChart.ts";
import { showShareLegend } from "./shareLegend.ts";

type Shares = Extract<ToTensors, { kind: "shares" }>;

/** Who drives the global norm. */
export interface SharePart {
  readonly element: HTMLElement;
  readonly draw: () => void;
  readonly ask: () => void;
  readonly clear: () => void;
}

/** A column is at least so many pixels wide: areas need no more. */
const COLUMN = 2;
const REST_MS = 150;
/** Rows of the table. */
const TABLE_PARTS = 12;

export function createSharePart(layers: Layers): SharePart {
  const chart = createShareChart();
  const legend = element("ul", { class: "share-legend" });
  const table = element("div", { class: "table-scroller" });
  const picture = element("div", {}, [chart.element]);
  const figure = createFigure({
    title: t("Share of the squared global norm"),
    chart: picture,
    table,
    onDidSwitch: () => draw(),
  });
  figure.element.append(legend);
  let shares: Shares | undefined;
  let timer: number | undefined;
  return { element: figure.element, draw, ask, clear: () => (shares = undefined) };

  /** Every sample on screen counts: the host is asked once the zoom rests. */
  function ask(): void {
    clearTimeout(timer);
    timer = setTimeout(askNow, REST_MS);
    draw();
  }

  function askNow(): void {
    const { extent, width } = layers;
    if (extent !== undefined && width > 0) {
      const grid = shareGrid(placeOf(layers, extent), extent.interval);
      layers.asker.ask("shares", { request: (id) => ({ kind: "shares", id, grid }), receive });
    }
  }

  function receive(answer: ToTensors): void {
    if (answer.kind === "shares") {
      shares = answer;
      draw();
    }
  }

  function draw(): void {
    const { extent, theme, cursorStep, width } = layers;
    if (shares === undefined || extent === undefined || width <= 0) {
      return;
    }
    const { grid, names, steps } = shares;
    const column = Math.floor((cursorStep - grid.from) / grid.width);
    const sharesAtCursor = [...names, ""].map((_, layer) => sharesAt(shares, layer, column));
    if (figure.isTable()) {
      table.replaceChildren(tableOf(shares));
    } else {
      chart.draw({ ...shares, place: placeOf(layers, extent), theme, cursorStep });
    }
    showShareLegend(legend, { names, shares: sharesAtCursor, step: steps[column] ?? Number.NaN, theme });
    figure.describe(
      t(
        "Parts of the squared global norm at {0}: {1}",
        describeColumn(grid, cursorStep, layers.session.run?.axis),
        names.map((name, layer) => `${name} ${percent(sharesAtCursor[layer])}`).join(", "),
      ),
    );
  }
}

function shareGrid({ range, width }: Place, interval: number): LayerGrid {
  const step = Math.max(interval, ((range.max - range.min) / width) * COLUMN);
  const columns = Math.max(1, Math.floor((range.max - range.min) / step));
  return { from: range.min, width: ((range.max - range.min) / columns) * (1 + 1e-9), columns };
}

function sharesAt(shares: Shares | undefined, layer: number, column: number): number {
  const { columns } = shares?.grid ?? { columns: 0 };
  return column >= 0 && column < columns ? (shares?.shares[layer * columns + column] ?? Number.NaN) : Number.NaN;
}

/** At some columns, evenly. */
function tableOf(shares: Shares): HTMLElement {
  const { grid, names, steps } = shares;
  const known = Array.from(steps.keys()).filter((column) => !Number.isNaN(steps[column]));
  const stride = Math.max(1, Math.ceil(known.length / TABLE_PARTS));
  const head = [t("Step"), ...names, t("all others")].map((text) =>
    element("th", { text, attributes: { scope: "col", title: text } }),
  );
  const rows = known
    .filter((_, index) => index % stride === 0)
    .map((column) => {
      const cells = [...names, ""].map((_, layer) => percent(shares.shares[layer * grid.columns + column]));
      return element(
        "tr",
        {},
        [String(steps[column]), ...cells].map((text) => element("td", { text })),
      );
    });
  return element("table", { attributes: { "aria-label": t("Shares of the squared global norm") } }, [
    element("thead", {}, [element("tr", {}, head)]),
    element("tbody", {}, rows),
  ]);
}

function percent(share = Number.NaN): string {
  return Number.isNaN(share) ? t("not known") : `${(share * 100).toFixed(1)} %`;
}
