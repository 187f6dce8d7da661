import type { Comparison, FromCompare, ToCompare } from "#protocol/dashboard/compare.ts";
import { element } from "../../shared/element.ts";
import type { ShownRun } from "../run.ts";
import type { Session } from "../session.ts";
import type { Tab, TabHost } from "../tab.ts";
import { createRefresher } from "../timeline/refresher.ts";
import { comparisonSection, exportComparison } from "./compareExport.ts";
import { parseCompareState } from "./compareState.ts";
import type { CompareState } from "./compareState.ts";
import type { ShownComparison } from "./comparisonPanels.ts";
import { createControls } from "./controls.ts";
import { createResult } from "./result.ts";

/** The tab "Compare": two runs step by step, where they part and by what factor they differ. */
export function createCompare(session: Session, host: TabHost<FromCompare>): Tab<ToCompare> {
  const refresher = createRefresher(ask);
  const controls = createControls(setState, session.host.post);
  const result = createResult(session);
  let state = parseCompareState(session.view().tabStates.compare);
  let comparison: Comparison | undefined;
  return {
    element: element("div", { class: "compare" }, [controls.element, result.element]),
    show(run) {
      refresher.refresh(run.id);
      showAll(run);
    },
    hide: refresher.stop,
    exported(width) {
      const shown = shownNow();
      return shown && exportComparison(shown, { range: session.zoom.shown(), width });
    },
    reported(paper) {
      const shown = shownNow();
      return shown === undefined ? [] : [comparisonSection(shown, paper)];
    },
    receive(answer) {
      comparison = answer;
      if (session.run !== undefined) {
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

  /** None while the comparison of another run is awaited. */
  function shownNow(): ShownComparison | undefined {
    const shown = result.shown();
    return shown?.run.id === session.run?.id ? shown : undefined;
  }

  function showAll(run: ShownRun): void {
    const others = session.runs.filter(({ id }) => id !== run.id);
    controls.show({ others, otherId: otherId(), tolerance: state.tolerance });
    const isWanted = comparison?.runId === run.id && comparison.otherId === otherId();
    result.element.hidden = !isWanted;
    if (comparison !== undefined && isWanted) {
      result.show(run, comparison);
    }
  }
}
