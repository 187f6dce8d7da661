import type { CheckpointFile } from "#core/run.ts";
import { TENSOR_KINDS } from "#core/tensor.ts";
import type { CheckpointMark } from "#protocol/checkpointMark.ts";
import type { CheckpointSummary } from "#store/checkpointSummary.ts";

/** A checkpoint as the timeline marks it, with what is known of it so far. */
export function describeMark(file: CheckpointFile, summary: CheckpointSummary | undefined): CheckpointMark {
  const { path, step, bytes } = file;
  if (summary === undefined) {
    return { path, step, bytes, known: null };
  }
  const { format, size, globals, gradientNorm, update } = summary;
  const norms = TENSOR_KINDS.flatMap((kind) => {
    const found = globals[kind];
    return found === undefined ? [] : [{ kind, l2: found.l2, nonFinite: found.nan + found.posInf + found.negInf }];
  });
  return { path, step, bytes, known: { format, tensors: size.tensors, norms, gradientNorm, update } };
}
