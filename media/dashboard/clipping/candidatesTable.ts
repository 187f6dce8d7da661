import { formatNumber } from "#core/format.ts";
import type { Candidate } from "#protocol/dashboard/clipping.ts";
import { t } from "@vscode/l10n";
import { element } from "../../shared/element.ts";
import { CANDIDATE_HEADER, candidateCells } from "./candidateCells.ts";

/** The adviser's candidates, each with its reason; a fixed threshold is taken by a click. */
export interface CandidatesTable {
  readonly element: HTMLElement;
  readonly show: (candidates: readonly Candidate[]) => void;
  /** Marks the candidates of this threshold. */
  readonly mark: (threshold: number) => void;
}

export function createCandidatesTable(onDidChoose: (threshold: number) => void): CandidatesTable {
  const body = element("tbody");
  const heads = CANDIDATE_HEADER.map((text) => element("th", { text, attributes: { scope: "col" } }));
  const table = element("table", { class: "candidates", attributes: { "aria-label": t("Candidates") } }, [
    element("thead", {}, [element("tr", {}, heads)]),
    body,
  ]);
  let rows: readonly { readonly candidate: Candidate; readonly row: HTMLElement }[] = [];
  return {
    element: element("div", { class: "candidates-scroller" }, [table]),
    show(candidates) {
      rows = candidates.map((candidate) => ({ candidate, row: rowOf(candidate, onDidChoose) }));
      body.replaceChildren(...rows.map(({ row }) => row));
    },
    mark(threshold) {
      for (const { candidate, row } of rows) {
        row.classList.toggle("is-chosen", candidate.maxNorm === threshold);
      }
    },
  };
}

function rowOf(candidate: Candidate, onDidChoose: (threshold: number) => void): HTMLElement {
  const { method, maxNorm } = candidate;
  const [, ...texts] = candidateCells(candidate);
  const take = (): void => {
    if (maxNorm !== null) {
      onDidChoose(maxNorm);
    }
  };
  const first =
    maxNorm === null
      ? element("span", { text: method })
      : element("button", {
          class: "quiet",
          text: method,
          attributes: { type: "button", title: t("Take {0}", formatNumber(maxNorm)) },
        });
  const row = element("tr", { class: maxNorm === null ? "" : "can-be-taken", onClick: take }, [
    element("th", { attributes: { scope: "row" } }, [first]),
    ...texts.map((text) => element("td", { text })),
  ]);
  return row;
}
