import { hasOpenKind, TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorDescription, TensorKind } from "#core/tensor.ts";
import { t } from "@vscode/l10n";
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
  const title = t(
    "The checkpoint does not say what these tensors are. Norms are grouped anew at once; the choice is remembered.",
  );
  const select = element("select", { attributes: { title } }, options);
  select.addEventListener("change", () => {
    const kind = TENSOR_KINDS.find((each) => each === select.value);
    if (kind !== undefined) {
      onDidChoose(kind);
    }
  });
  const which = open === tensors.length ? t("These tensors are") : ofThem(open);
  return element("label", { class: "kind-control" }, [element("span", { text: which }), select]);
}

function ofThem(open: number): string {
  return open === 1 ? t("1 of these tensors is") : t("{0} of these tensors are", formatCount(open));
}
