import { t } from "@vscode/l10n";
import type { Comparison } from "#protocol/dashboard/compare.ts";
import { element } from "../../shared/element.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import type { ShownRun } from "../run.ts";
import type { Session } from "../session.ts";
import { createCharts } from "../timeline/charts.ts";
import { attachKeys } from "../timeline/keys.ts";
import { createMovement } from "../timeline/movement.ts";
import { comparisonColumns, comparisonPanels, curvesOf } from "./comparisonPanels.ts";
import type { ShownComparison } from "./comparisonPanels.ts";
import { createFactsTable } from "./factsTable.ts";
import { createTensorsTable } from "./tensorsTable.ts";
import { createVerdict } from "./verdict.ts";

/** What came out of a comparison: sentences, charts, tables. */
export interface Result {
  readonly element: HTMLElement;
  readonly show: (run: ShownRun, comparison: Comparison) => void;
  /** What is shown; undefined before anything is. */
  readonly shown: () => ShownComparison | undefined;
}

export function createResult(session: Session): Result {
  const movement = createMovement(session, {
    didZoom: () => undefined,
    redraw: () => charts.drawSoon(),
    moveCursor: (step) => charts.moveCursor(step),
    furtherSteps: () => [],
    highlight: () => undefined,
    announce: () => undefined,
  });
  const { didZoom, click, menuContext } = movement;
  const title = t("Norms and their ratio");
  const charts = createCharts({ title, zoom: session.zoom, onDidZoom: didZoom, onDidClick: click, menuContext });
  const verdict = createVerdict();
  const facts = createFactsTable();
  const tensors = createTensorsTable();
  const head = element("div", { class: "section-title" }, [element("h2", { text: title }), charts.toggle]);
  const parts = [verdict.element, head, charts.element, charts.table, facts.element, tensors.element];
  let shown: ShownComparison | undefined;
  attachKeys(charts.element, movement);
  onDidChangeTheme(charts.restyle);
  return { element: element("div", { class: "comparison" }, parts), show, shown: () => shown };

  function show(run: ShownRun, comparison: Comparison): void {
    const curves = shown?.comparison === comparison ? shown.curves : curvesOf(comparison);
    const other = session.runs.find(({ id }) => id === comparison.otherId)?.name ?? comparison.otherId;
    const names = { own: run.name, other, axis: run.axis };
    shown = { run, comparison, curves, names };
    verdict.show(comparison, names);
    facts.show(comparison.facts, names);
    tensors.show(comparison);
    session.otherSteps = curves.steps;
    session.growZoom(run);
    charts.element.setAttribute("aria-label", verdict.text());
    charts.draw(comparisonPanels(shown), comparisonColumns(shown));
  }
}
