import type { CheckpointFile } from "#core/run.ts";

/** The checkpoint of the step before that has the same name but for the step; undefined for the first. */
export function previousCheckpoint(
  { path, step }: CheckpointFile,
  checkpoints: readonly CheckpointFile[],
): CheckpointFile | undefined {
  if (step === null) {
    return undefined;
  }
  const form = withoutStep(path, step);
  return checkpoints
    .filter((other) => other.step !== null && other.step < step && withoutStep(other.path, other.step) === form)
    .toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0))[0];
}

/** `checkpoint-200/model.safetensors` and `step=0200.ckpt` without the number, however many zeros it begins with. */
function withoutStep(path: string, step: number): string {
  return path.replaceAll(/\d+/g, (digits) => (Number(digits) === step ? "#" : digits));
}
