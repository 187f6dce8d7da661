import type { CheckpointIndex } from "#core/checkpoint.ts";
import type { TensorEntry } from "#core/tensor.ts";
import { listNames } from "#l10n/lists.ts";
import { t } from "@vscode/l10n";

export interface IndexedFile {
  readonly name: string;
  readonly index: CheckpointIndex;
}

/**
 * Of files in one folder that hold the same weights or gradients only one counts: two forms of a model, or two of its
 * checkpoints, would make a norm too large. Taken is safetensors, which others are converted to, else the first name.
 */
export function leaveOutCopies(files: readonly IndexedFile[]): {
  readonly kept: readonly IndexedFile[];
  readonly notes: readonly string[];
} {
  const ranked = files.toSorted((a, b) => Number(isSafetensors(b)) - Number(isSafetensors(a)));
  const own = new Map<IndexedFile, ReadonlySet<string>>();
  const copies = new Map<IndexedFile, IndexedFile[]>();
  for (const file of ranked) {
    const keys = new Set(file.index.tensors.flatMap(keyOf));
    const original = [...own].find(([, others]) => areMostlySame(keys, others))?.[0];
    if (original === undefined) {
      own.set(file, keys);
    } else {
      copies.set(original, [...(copies.get(original) ?? []), file]);
    }
  }
  return { kept: files.filter((file) => own.has(file)), notes: Array.from(copies, noteOn) };
}

function isSafetensors({ index }: IndexedFile): boolean {
  return index.format === "safetensors";
}

function keyOf({ name, kind, shape }: TensorEntry): string[] {
  return kind === "weight" || kind === "gradient" ? [`${kind} ${name} ${shape.join("×")}`] : [];
}

/** Tied weights may lack in one of two forms; two different models share some names at most. */
function areMostlySame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = [...one].filter((key) => other.has(key)).length;
  return shared > 0 && 2 * shared > Math.max(one.size, other.size);
}

/** A note is a sentence, not a listing. */
const NAMES_IN_NOTE = 5;

function noteOn([{ name }, copies]: readonly [IndexedFile, readonly IndexedFile[]]): string {
  const list = listNames(
    copies.map((copy) => copy.name),
    NAMES_IN_NOTE,
  );
  return copies.length === 1
    ? t("Left out, because {0} has tensors of the same names: {1}. Open it by its own name.", name, list)
    : t("Left out, because {0} has tensors of the same names: {1}. Open one of them by its own name.", name, list);
}
