import { formatNumber } from "#core/format.ts";
import type { Comparison } from "#protocol/dashboard/compare.ts";
import { element, setText } from "../../shared/element.ts";
import { plural } from "../sentence.ts";
import type { RunNames } from "./comparisonPanels.ts";

/** The comparison in sentences. */
export interface Verdict {
  readonly element: HTMLElement;
  readonly show: (comparison: Comparison, names: RunNames) => void;
  readonly text: () => string;
}

export function describeComparison(comparison: Comparison, names: RunNames): readonly string[] {
  const { suspicion } = comparison;
  const sentences = [describeRatio(comparison, names), describeDivergence(comparison), suspicion ?? ""];
  return sentences.filter((sentence) => sentence !== "");
}

export function createVerdict(): Verdict {
  const ratio = element("p");
  const divergence = element("p");
  const suspicion = element("p", { class: "severity-warning" });
  return {
    element: element("div", { class: "verdict" }, [ratio, divergence, suspicion]),
    show(comparison, names) {
      setText(ratio, describeRatio(comparison, names));
      setText(divergence, describeDivergence(comparison));
      suspicion.hidden = comparison.suspicion === null;
      setText(suspicion, comparison.suspicion ?? "");
    },
    text: () => [ratio, divergence, suspicion].map(({ textContent }) => textContent).join(" "),
  };
}

export function describeDifference(difference: number): string {
  if (difference === Infinity) {
    return "only one is a number";
  }
  return `${formatNumber(Number((100 * difference).toPrecision(3)))} %`;
}

function describeRatio({ ratio }: Comparison, { own, other }: RunNames): string {
  if (ratio === null) {
    return `${own} and ${other} have no step in common at which both have a norm.`;
  }
  const spread = formatNumber(Number((100 * ratio.spread).toPrecision(2)));
  return `The norm of ${other} is ${formatNumber(ratio.median)}× that of ${own} (median of ${plural(ratio.pairs, "common step")}, spread ${spread} %).`;
}

function describeDivergence({ divergence, tensors, ratio }: Comparison): string {
  if (divergence === null) {
    return ratio === null ? "" : "At every common step the two are the same, within the chosen difference.";
  }
  const { step, own, other, difference } = divergence;
  const norms = `They first differ at step ${step}: ${formatNumber(own)} here, ${formatNumber(other)} there (${describeDifference(difference)}).`;
  const [first] = tensors;
  return first === undefined ? norms : `${norms} The first tensor to differ is ${first.tensor}, at step ${first.step}.`;
}
