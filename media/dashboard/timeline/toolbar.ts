import type { Axis } from "#core/series.ts";
import { stepName, stepRange } from "#l10n/stepName.ts";
import { formatStep } from "../sentence.ts";
import { t } from "@vscode/l10n";
import type { StepRange } from "../../charts/viewport.ts";
import { button, element, setText } from "../../shared/element.ts";
import { KEYS_HELP } from "./keys.ts";

export interface Toolbar {
  readonly element: HTMLElement;
  readonly show: (state: { range: StepRange; axis: Axis | undefined; isZoomed: boolean; findings: number }) => void;
}

export interface ToolbarActions {
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
  readonly nextFinding: () => void;
  readonly previousFinding: () => void;
}

const ZOOM_FACTOR = 1.5;
export const KEYS_HELP_ID = "charts-keys";

/** `toggle` changes between charts and table. */
export function createToolbar(actions: ToolbarActions, toggle: HTMLElement): Toolbar {
  const quiet = "quiet";
  const previous = button("◀", { title: t("Previous finding (p)"), class: quiet, onClick: actions.previousFinding });
  const next = button("▶", { title: t("Next finding (n)"), class: quiet, onClick: actions.nextFinding });
  const closer = button("+", { title: t("Zoom in (+)"), class: quiet, onClick: () => actions.zoom(1 / ZOOM_FACTOR) });
  const wider = button("−", { title: t("Zoom out (−)"), class: quiet, onClick: () => actions.zoom(ZOOM_FACTOR) });
  const reset = button(t("Reset zoom"), { title: t("Reset zoom (0)"), class: quiet, onClick: actions.reset });
  const range = element("span", { class: "range" });
  const hint = element("span", { class: "hint", text: t("Drag to zoom, Shift+drag to pan, double-click to reset") });
  const help = element("span", { class: "visually-hidden", text: KEYS_HELP, attributes: { id: KEYS_HELP_ID } });
  hint.title = KEYS_HELP;
  const findings = element("span", { class: "group" }, [previous, element("span", { text: t("finding") }), next]);
  const zooming = element("span", { class: "group" }, [wider, closer, reset]);
  const attributes = { role: "toolbar", "aria-label": t("Charts") };
  return {
    element: element("div", { class: "toolbar", attributes }, [findings, zooming, toggle, range, hint, help]),
    show({ range: shown, axis, isZoomed, findings: count }) {
      setText(range, describeRange(shown, axis));
      reset.disabled = !isZoomed;
      wider.disabled = !isZoomed;
      previous.disabled = count === 0;
      next.disabled = count === 0;
    },
  };
}

/** One step is told as one, though the screen shows a little more on either side; epochs have fractions. */
function describeRange(shown: StepRange, axis: Axis | undefined): string {
  const [first, last] = [Math.ceil(shown.min), Math.floor(shown.max)];
  return first === last && axis !== "epochs"
    ? stepName(first, axis)
    : stepRange(formatStep(shown.min, shown), formatStep(shown.max, shown), axis);
}
