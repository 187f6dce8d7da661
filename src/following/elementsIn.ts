import type { Run } from "#store/run.ts";

/** Elements of a tensor, from the norms of a checkpoint of the run; undefined where none were computed. */
export function elementsIn(run: Run, tensor: string): number | undefined {
  for (const { tensors } of run.summaries.values()) {
    const known = tensors.get(tensor);
    if (known !== undefined) {
      return known.elements;
    }
  }
  return undefined;
}
