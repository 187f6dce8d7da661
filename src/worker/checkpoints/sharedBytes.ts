import type { CheckpointFormat, CheckpointIndex } from "#core/checkpoint.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { t } from "@vscode/l10n";

/** Views may reach over elements that are not theirs, so readers of pickles count elements themselves. */
const COUNTED_BY_READERS: ReadonlySet<CheckpointFormat> = new Set<CheckpointFormat>([
  "pytorch",
  "pytorch-legacy",
  "pytorch-tar",
  "pickle",
  "paddle",
  "dcp",
  "deepspeed",
  "megatron",
]);

// Tied tensors lie under several names. An index of a few kilobytes could name the same gigabyte a million times.
const MAX_TIMES = 64;

/** Why a checkpoint is not read whose tensors take the same bytes again and again; undefined for all others. */
export function describeSharing(
  { format, tensors }: Pick<CheckpointIndex, "format" | "tensors">,
  fileBytes: number,
): string | undefined {
  const taken = COUNTED_BY_READERS.has(format) ? 0 : tensors.reduce((total, tensor) => total + storedBytes(tensor), 0);
  return taken > MAX_TIMES * fileBytes
    ? t(
        "Its tensors take {0} bytes of files that have {1}: they are the same bytes again and again. Nothing was read.",
        taken,
        fileBytes,
      )
    : undefined;
}
