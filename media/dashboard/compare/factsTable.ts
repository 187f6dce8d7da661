import type { Comparison } from "#protocol/dashboard/compare.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import type { RunNames } from "./comparisonPanels.ts";

/** What the two runs are, side by side; what differs is marked. */
export interface FactsTable {
  readonly element: HTMLElement;
  readonly show: (facts: Comparison["facts"], names: RunNames) => void;
}

export function createFactsTable(): FactsTable {
  const head = element("thead");
  const body = element("tbody");
  const table = element("table", { class: "facts-table", attributes: { "aria-label": t("The two runs") } }, [
    head,
    body,
  ]);
  let shown = "";
  return {
    element: element("section", {}, [element("h2", { text: t("The two runs") }), table]),
    show(facts, names) {
      const key = JSON.stringify([facts, names]);
      if (key !== shown) {
        shown = key;
        head.replaceChildren(rowOf(["", names.own, names.other, ""], "th"));
        body.replaceChildren(...facts.map(factRow));
      }
    },
  };
}

function factRow({ label, own, other }: Comparison["facts"][number]): HTMLElement {
  const row = rowOf([label, own, other, own === other ? "" : t("≠ differs")], "td");
  row.classList.toggle("is-different", own !== other);
  return row;
}

function rowOf(texts: readonly string[], tag: "td" | "th"): HTMLTableRowElement {
  const cells = texts.map((text) =>
    element(text === "" ? "td" : tag, { text, attributes: text === "" ? {} : { title: text } }),
  );
  return element("tr", {}, cells);
}
