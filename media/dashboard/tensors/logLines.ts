import { formatNorm } from "#l10n/format.ts";
import type { LogPoint } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { button, element } from "../../shared/element.ts";

/** The samples of a tensor around a step, each with the line of the log that holds it. */
export interface LogLines {
  readonly element: HTMLElement;
  readonly show: (points: readonly LogPoint[], step: number) => void;
}

export function createLogLines(onDidReveal: (step: number) => void): LogLines {
  const body = element("tbody");
  const head = element(
    "tr",
    {},
    [t("Step"), t("Norm"), t("In the log")].map((text) => element("th", { text, attributes: { scope: "col" } })),
  );
  const table = element(
    "table",
    { class: "log-lines", attributes: { "aria-label": t("Log lines around the cursor") } },
    [element("thead", {}, [head]), body],
  );
  return {
    element: table,
    show(points, step) {
      table.hidden = points.length === 0;
      const nearest = points.reduce(
        (best, one) => (distance(one, step) < distance(best, step) ? one : best),
        points[0],
      );
      body.replaceChildren(...points.map((point) => rowOf(point, point === nearest)));
    },
  };

  function rowOf({ step, value, place }: LogPoint, isCurrent: boolean): HTMLElement {
    const text = Number.isFinite(value) ? formatNorm(value) : `✕ ${String(value)}`;
    const row = element("tr", { class: isCurrent ? "is-current" : "" }, [
      element("td", { text: String(step) }),
      element("td", { text, class: Number.isFinite(value) ? "" : "is-broken" }),
      element("td", {}, [
        place === null ? element("span", { class: "quiet-text", text: t("no longer known") }) : link(place, step),
      ]),
    ]);
    if (isCurrent) {
      row.setAttribute("aria-current", "true");
    }
    return row;
  }

  function link({ path, line }: NonNullable<LogPoint["place"]>, step: number): HTMLElement {
    const file = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    const options = {
      title: t("Open {0} at line {1}", file, line + 1),
      class: "quiet",
      onClick: () => onDidReveal(step),
    };
    return button(`${file}:${line + 1}`, options);
  }
}

function distance(point: LogPoint | undefined, step: number): number {
  return point === undefined ? Infinity : Math.abs(point.step - step);
}
