import { formatBytes, formatNumber } from "#core/format.ts";
import type { TensorKind } from "#core/tensor.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import { t } from "@vscode/l10n";

/** The checkpoints of one step: the files that were saved together. */
export interface SavedStep {
  readonly step: number;
  readonly files: readonly CheckpointMark[];
}

/** By step; what names none is left out, since it has no place on the axis. */
export function savedSteps(checkpoints: readonly CheckpointMark[]): readonly SavedStep[] {
  const byStep = Map.groupBy(checkpoints, ({ step }) => step);
  return [...byStep]
    .flatMap(([step, files]) => (step === null ? [] : [{ step, files }]))
    .toSorted((a, b) => a.step - b.step);
}

/** What a click opens: the file, or the folder in which all files of a step lie, as one checkpoint. */
export function placeOf({ files }: SavedStep): string {
  const paths = files.map(({ path }) => path);
  const folders = new Set(paths.map(folderOf));
  const [folder] = folders;
  return paths.length > 1 && folders.size === 1 && folder !== undefined ? folder : (paths[0] ?? "");
}

function folderOf(path: string): string {
  return path.replace(/[\\/][^\\/]*$/, "");
}

const KINDS: Readonly<Record<TensorKind, string>> = {
  gradient: t("gradient norm"),
  weight: t("weight norm"),
  moment1: t("first moment norm"),
  moment2: t("second moment norm"),
  momentum: t("momentum norm"),
  other: t("norm of others"),
};

/** `Step 241, 1.2 MB: weight norm 51.3; weights moved by 0.012 since step 200, …`. */
export function describeSave({ step, files }: SavedStep): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const size = files.length === 1 ? formatBytes(bytes) : t("{0} files, {1}", files.length, formatBytes(bytes));
  const facts = files.flatMap(factsOf);
  const what = t("Checkpoint of step {0}, {1}", step, size);
  return facts.length === 0 ? what : `${what}: ${facts.join("; ")}`;
}

function factsOf({ known }: CheckpointMark): readonly string[] {
  if (known === null) {
    return [];
  }
  const { norms, gradientNorm, update, tensors, format } = known;
  if (norms.length === 0) {
    return [t("{0} tensors, {1}", tensors, format)];
  }
  return [
    ...norms.map(({ kind, l2, nonFinite }) => `${nonFinite > 0 ? "✕ " : ""}${KINDS[kind]} ${formatNumber(l2)}`),
    ...(gradientNorm === null
      ? []
      : [t("gradient norm before it ≈ {0}, from Adam's moments", formatNumber(gradientNorm))]),
    ...(update === null ? [] : [describeUpdate(update)]),
  ];
}

function describeUpdate({
  since,
  relative,
  perStep,
}: NonNullable<NonNullable<CheckpointMark["known"]>["update"]>): string {
  const moved = t("weights moved by {0} of their norm since step {1}", formatNumber(relative), since);
  return perStep === null
    ? moved
    : t("{0}, {1} to {2} a step", moved, formatNumber(perStep.low), formatNumber(perStep.high));
}

/** Whether an element of any of its files is NaN or infinite. */
export function isBroken({ files }: SavedStep): boolean {
  return files.some(({ known }) => known?.norms.some(({ nonFinite }) => nonFinite > 0) === true);
}
