import { hasOpenKind, TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorDescription, TensorKind } from "#core/tensor.ts";
import { element } from "../shared/element.ts";
import { formatCount, kindPlural } from "./text.ts";

export interface KindControlOptions {
  readonly takenAs: TensorKind;
  readonly onDidChoose: (kind: TensorKind) => void;
}

/** "These tensors are: weights ▾", for those that nothing tells; null where all is told. */
export function createKindControl(
  tensors: readonly TensorDescription[],
  { takenAs, onDidChoose }: KindControlOptions,
): HTMLElement | null {
  const open = tensors.filter(hasOpenKind).length;
  if (open === 0) {
    return null;
  }
  const options = TENSOR_KINDS.map((kind) =>
    element("option", {
      text: kindPlural(kind),
      attributes: { value: kind, ...(kind === takenAs ? { selected: "" } : {}) },
    }),
  );
  const title =
    "The checkpoint does not say what these tensors are. Norms are grouped anew at once; the choice is remembered.";
  const select = element("select", { attributes: { title } }, options);
  select.addEventListener("change", () => {
    const kind = TENSOR_KINDS.find((each) => each === select.value);
    if (kind !== undefined) {
      onDidChoose(kind);
    }
  });
  const verb = open === 1 ? "is" : "are";
  const which = open === tensors.length ? "These tensors are" : `${formatCount(open)} of these tensors ${verb}`;
  return element("label", { class: "kind-control" }, [element("span", { text: which }), select]);
}
