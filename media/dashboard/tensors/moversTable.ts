import { formatNorm, formatNumber } from "#core/format.ts";
import type { LayerMover } from "#protocol/dashboard/tensors.ts";
import { button, element, setText } from "../../shared/element.ts";

/** Who made the norm of the step that the cursor is on. */
export interface MoversTable {
  readonly element: HTMLElement;
  readonly show: (movers: readonly LayerMover[], step: number) => void;
}

const HEADS = [
  ["Tensor", "Name as the log spells it"],
  ["Norm", "At the step of the cursor"],
  ["Share", "Part of the squared global norm at the step"],
  ["Before", "Median share of the 20 points before"],
  ["Jump", "The norm over its median in the 20 points before"],
] as const;

export function createMoversTable(onDidChoose: (tensor: string) => void): MoversTable {
  const title = element("h2", { text: "Top movers" });
  const note = element("p", { class: "quiet-text" });
  const body = element("tbody");
  const head = element(
    "tr",
    {},
    HEADS.map(([text, hint]) => element("th", { text, attributes: { scope: "col", title: hint } })),
  );
  const table = element("table", { class: "movers", attributes: { "aria-label": "Tensors behind the step" } }, [
    element("thead", {}, [head]),
    body,
  ]);
  return {
    element: element("section", { class: "layer-figure" }, [
      element("div", { class: "section-title" }, [title]),
      note,
      table,
    ]),
    show(movers, step) {
      setText(title, `Top movers at step ${step}`);
      setText(note, describeMovers(movers));
      body.replaceChildren(...movers.map(rowOf));
    },
  };

  function rowOf({ tensor, norm, share, shareBefore, jump }: LayerMover): HTMLElement {
    const name = button(tensor, { title: `Show ${tensor}`, class: "quiet", onClick: () => onDidChoose(tensor) });
    const isFinite = Number.isFinite(norm);
    return element("tr", {}, [
      element("td", { class: "cell-name" }, [name]),
      element("td", { class: isFinite ? "" : "is-broken", text: isFinite ? formatNorm(norm) : `✕ ${String(norm)}` }),
      element("td", { text: formatShare(share) }),
      element("td", { text: formatShare(shareBefore) }),
      element("td", { text: jump === null ? "–" : `×${formatNumber(Number(jump.toPrecision(3)))}` }),
    ]);
  }
}

/** One sentence: the answer to "which layer was it?". */
export function describeMovers(movers: readonly LayerMover[]): string {
  const [first] = movers;
  if (first === undefined) {
    return "No norms of tensors were logged at this step.";
  }
  if (!Number.isFinite(first.norm)) {
    return `Not finite, first by name: ${first.tensor}.`;
  }
  const before = first.shareBefore === null ? "" : `, ${formatShare(first.shareBefore)} before`;
  return `${first.tensor} rose most: ${formatShare(first.share)} of the square${before}.`;
}

function formatShare(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
