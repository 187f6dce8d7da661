import type { Comparison, FromCompare, ToCompare } from "#protocol/dashboard/compare.ts";
import { element } from "../../shared/element.ts";
import { onDidChangeTheme } from "../../shared/theme.ts";
import type { ShownRun } from "../run.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createCharts } from "../timeline/charts.ts";
import { attachKeys } from "../timeline/keys.ts";
import { createMovement } from "../timeline/movement.ts";
import { createRefresher } from "../timeline/refresher.ts";
import { comparisonPanels, curvesOf } from "./comparisonPanels.ts";
import type { ComparedCurves } from "./comparisonPanels.ts";
import { parseCompareState } from "./compareState.ts";
import type { CompareState } from "./compareState.ts";
import { createControls } from "./controls.ts";
import { createFactsTable } from "./factsTable.ts";
import { createTensorsTable } from "./tensorsTable.ts";
import { createVerdict } from "./verdict.ts";

/** The tab "Compare": two runs step by step, where they part and by what factor they differ. */
export function createCompare(session: Session, host: TabHost<FromCompare>): Tab<ToCompare> {
  const refresher = createRefresher(ask);
  const movement = createMovement(session, {
    didZoom: () => undefined,
    redraw: () => charts.drawSoon(),
    moveCursor: (step) => charts.moveCursor(step),
    highlight: () => undefined,
    announce: () => undefined,
  });
  const { didZoom, click, menuContext } = movement;
  const charts = createCharts({ zoom: session.zoom, onDidZoom: didZoom, onDidClick: click, menuContext });
  attachKeys(charts.element, movement);
  const controls = createControls(setState);
  const verdict = createVerdict();
  const facts = createFactsTable();
  const tensors = createTensorsTable();
  const parts = [verdict.element, charts.element, facts.element, tensors.element];
  const result = element("div", { class: "comparison" }, parts);
  let state = parseCompareState(session.view().tabStates.compare);
  let shown: { readonly comparison: Comparison; readonly curves: ComparedCurves } | undefined;
  onDidChangeTheme(charts.restyle);
  return {
    element: element("div", { class: "compare" }, [controls.element, result]),
    show(run) {
      refresher.refresh(`${run.id} ${JSON.stringify(state)}`);
      showAll(run);
    },
    hide: refresher.stop,
    receive(answer) {
      if (answer.runId === session.run?.id && answer.otherId === otherId()) {
        shown = { comparison: answer, curves: curvesOf(answer) };
        showAll(session.run);
      }
    },
  };

  /** The run that was compared with last, or else the next best. */
  function otherId(): string | undefined {
    const others = session.runs.filter(({ id }) => id !== session.run?.id);
    return (others.find(({ id }) => id === state.otherId) ?? others[0])?.id;
  }

  function ask(): void {
    const other = otherId();
    if (other !== undefined) {
      host.post({ kind: "compare", otherId: other, tolerance: state.tolerance });
    }
  }

  function setState(change: Partial<CompareState>): void {
    state = { ...state, ...change };
    session.store({ tabStates: { ...session.view().tabStates, compare: state } });
    if (session.run !== undefined) {
      ask();
      showAll(session.run);
    }
  }

  function showAll(run: ShownRun): void {
    const others = session.runs.filter(({ id }) => id !== run.id);
    controls.show({ others, otherId: otherId(), tolerance: state.tolerance });
    const current = shown?.comparison.otherId === otherId() && shown?.comparison.runId === run.id ? shown : undefined;
    result.hidden = current === undefined;
    if (current !== undefined) {
      const { comparison, curves } = current;
      const other = others.find(({ id }) => id === comparison.otherId)?.name ?? comparison.otherId;
      const names = { own: run.name, other };
      verdict.show(comparison, names);
      facts.show(comparison.facts, names);
      tensors.show(comparison, names);
      session.otherSteps = curves.steps;
      session.growZoom(run);
      charts.element.setAttribute("aria-label", verdict.text());
      charts.draw((range) => comparisonPanels({ run, comparison, curves, names }, range));
    }
  }
}
