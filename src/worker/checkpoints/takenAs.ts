import { hasOpenKind, kindTakenAs, TENSOR_KINDS } from "#core/tensor.ts";
import type { TensorEntry, TensorKind } from "#core/tensor.ts";
import type { Alternative } from "#protocol/workerAnswers.ts";
import { globalNorms } from "#reduction/globals.ts";
import type { MeasuredTensor } from "#reduction/globals.ts";
import { t } from "@vscode/l10n";

/** Tensors with the kind that people gave to those that nothing tells; as they are when people gave none. */
export function withKinds<T extends TensorEntry>(tensors: readonly T[], takenAs: TensorKind | undefined): readonly T[] {
  return takenAs === undefined ? tensors : tensors.map((tensor) => ({ ...tensor, kind: kindTakenAs(tensor, takenAs) }));
}

/** The global norms for each other kind that the tensors without a sign may be of. */
export function alternativesOf(measured: readonly MeasuredTensor[]): readonly Alternative[] {
  return measured.some(hasOpenKind)
    ? TENSOR_KINDS.filter((kind) => kind !== "weight").map((takenAs) => ({
        takenAs,
        globals: globalNorms(withKinds(measured, takenAs)),
      }))
    : [];
}

/** What a kind that people gave did, where that is not plain to see. */
export function noteOnKinds(tensors: readonly TensorEntry[], takenAs: TensorKind | undefined): string[] {
  const open = tensors.filter(hasOpenKind).length;
  const named = tensors.filter(({ kind }) => kind === takenAs).length;
  if (takenAs === undefined || takenAs === "weight" || (open > 0 && named === 0)) {
    return [];
  }
  return [
    open === 0
      ? t("No tensor is taken as {0}: names or the files themselves say of each what it is.", takenAs)
      : t(
          "Tensors that nothing names ({0}) are taken as {1}, beside those that are named so ({2}).",
          open,
          takenAs,
          named,
        ),
  ];
}
