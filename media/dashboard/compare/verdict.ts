import { stepName } from "#l10n/stepName.ts";
import { formatNumber } from "#core/format.ts";
import type { Comparison } from "#protocol/dashboard/compare.ts";
import { t } from "@vscode/l10n";
import { element, setText } from "../../shared/element.ts";
import type { RunNames } from "./comparisonPanels.ts";

/** The comparison in sentences. */
export interface Verdict {
  readonly element: HTMLElement;
  readonly show: (comparison: Comparison, names: RunNames) => void;
  readonly text: () => string;
}

export function describeComparison(comparison: Comparison, names: RunNames): readonly string[] {
  const { suspicion } = comparison;
  const sentences = [describeRatio(comparison, names), describeDivergence(comparison, names), suspicion ?? ""];
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
      setText(divergence, describeDivergence(comparison, names));
      suspicion.hidden = comparison.suspicion === null;
      setText(suspicion, comparison.suspicion ?? "");
    },
    text: () => [ratio, divergence, suspicion].map(({ textContent }) => textContent).join(" "),
  };
}

export function describeDifference(difference: number): string {
  if (difference === Infinity) {
    return t("only one is a number");
  }
  return `${formatNumber(Number((100 * difference).toPrecision(3)))} %`;
}

function describeRatio({ ratio }: Comparison, { own, other }: RunNames): string {
  if (ratio === null) {
    return t("{0} and {1} have no step in common at which both norms are finite and above zero.", own, other);
  }
  const spread = formatNumber(Number((100 * ratio.spread).toPrecision(2)));
  const median = formatNumber(ratio.median);
  return ratio.pairs === 1
    ? t("The norm of {0} is {1}× that of {2} (at 1 common step, spread {3} %).", other, median, own, spread)
    : t(
        "The norm of {0} is {1}× that of {2} (median of {3} common steps, spread {4} %).",
        other,
        median,
        own,
        ratio.pairs,
        spread,
      );
}

function describeDivergence({ divergence, tensors, ratio }: Comparison, { axis }: RunNames): string {
  if (divergence === null) {
    return ratio === null ? "" : t("At every common step the two are the same, within the chosen difference.");
  }
  const { step, own, other, difference } = divergence;
  const norms = t(
    "They first differ at {0}: {1} here, {2} there ({3}).",
    stepName(step, axis),
    formatNumber(own),
    formatNumber(other),
    describeDifference(difference),
  );
  const [first] = tensors;
  return first === undefined
    ? norms
    : t("{0} The first tensor to differ is {1}, at {2}.", norms, first.tensor, stepName(first.step, axis));
}
