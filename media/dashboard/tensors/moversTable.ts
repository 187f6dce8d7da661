import { formatNumber } from "#core/format.ts";
import { formatNorm } from "#l10n/format.ts";
import type { LayerMover } from "#protocol/dashboard/tensors.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import { nameByItsEnd } from "../../shared/nameByItsEnd.ts";

/** Who made the norm of the step that the cursor is on. */
export interface MoversTable {
  readonly element: HTMLElement;
  /** The step by its name: `step 250`. */
  readonly show: (movers: readonly LayerMover[], step: string) => void;
}

const HEADS = [
  [t("Tensor"), t("Name as the log spells it")],
  [t("Norm"), t("At the step of the cursor")],
  [t("Share"), t("Part of the squared global norm at the step")],
  [t("Before"), t("Median share of the 20 points before")],
  [t("Jump"), t("The norm over its median in the 20 points before")],
] as const;

export function createMoversTable(onDidChoose: (tensor: string) => void): MoversTable {
  const title = element("h2", { text: t("Top movers") });
  const note = element("p", { class: "quiet-text" });
  const body = element("tbody");
  const head = element(
    "tr",
    {},
    HEADS.map(([text, hint]) => element("th", { text, attributes: { scope: "col", title: hint } })),
  );
  const table = element("table", { class: "movers", attributes: { "aria-label": t("Tensors behind the step") } }, [
    element("thead", {}, [head]),
    body,
  ]);
  return {
    element: element("section", { class: "layer-figure" }, [
      element("div", { class: "section-title" }, [title]),
      note,
      element("div", { class: "table-scroller" }, [table]),
    ]),
    show(movers, step) {
      setText(title, t("Top movers at {0}", step));
      setText(note, describeMovers(movers));
      body.replaceChildren(...movers.map(rowOf));
    },
  };

  function rowOf({ tensor, norm, share, shareBefore, jump }: LayerMover): HTMLElement {
    const attributes = { type: "button", "aria-label": t("Show {0}", tensor) };
    const onClick = (): void => onDidChoose(tensor);
    const name = element("button", { class: "quiet", attributes, onClick }, [nameByItsEnd(tensor)]);
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
    return t("No norms of tensors were logged at this step.");
  }
  if (!Number.isFinite(first.norm)) {
    return t("Not finite, first by name: {0}.", first.tensor);
  }
  const { tensor, share, shareBefore } = first;
  return shareBefore === null
    ? t("{0} is the largest: {1} of the square.", tensor, formatShare(share))
    : t("{0} rose most: {1} of the square, {2} before.", tensor, formatShare(share), formatShare(shareBefore));
}

function formatShare(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
