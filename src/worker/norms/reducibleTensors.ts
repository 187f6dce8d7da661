import type { ReadFailure } from "#core/outcome.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { checkReducible } from "#reduction/reduce.ts";
import type { ReducibleEntry } from "#reduction/reduce.ts";
import { t } from "@vscode/l10n";
import { isPlain } from "../threads/threadPlan.ts";

export interface ReducibleTensor {
  readonly entry: ReducibleEntry;
  /** Whether threads can reduce it. */
  readonly isPlain: boolean;
}

export interface RefusedTensor {
  readonly entry: TensorEntry;
  /** For people. */
  readonly why: string;
}

/** Which of the tensors have elements that can be decoded, and of the others the reasons. */
export function sortReducible(tensors: readonly TensorEntry[]): {
  readonly reducible: readonly ReducibleTensor[];
  readonly refused: readonly RefusedTensor[];
} {
  const reducible: ReducibleTensor[] = [];
  const refused: RefusedTensor[] = [];
  for (const entry of tensors) {
    const checked = checkReducible(entry);
    if (checked.kind === "ok") {
      reducible.push({ entry: checked.value.entry, isPlain: isPlain(checked.value) });
    } else {
      refused.push({ entry, why: reasonOf(checked) });
    }
  }
  return { reducible, refused };
}

/** A failure in a sentence for people. */
export function reasonOf(failure: ReadFailure): string {
  return failure.what ?? t("It is not complete.");
}
