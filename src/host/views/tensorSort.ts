import type { ModuleMeasure, ModuleMeasures } from "./moduleMeasures.ts";
import type { ModuleNode } from "./moduleTree.ts";

/** By share is by norm: a share is the norm's square over that of all tensors. */
export const TENSOR_SORTS = ["model", "norm", "change", "findings"] as const;
export type TensorSort = (typeof TENSOR_SORTS)[number];

/** Siblings in the chosen order; equal ones in the model's. What is broken comes first, what was not measured last. */
export function sortModules(
  nodes: readonly ModuleNode[],
  sort: TensorSort,
  measures: ModuleMeasures,
): readonly ModuleNode[] {
  if (sort === "model") {
    return nodes;
  }
  const weights = new Map(nodes.map((node) => [node, weightOf(measures.get(node), sort)]));
  return nodes.toSorted((a, b) => compare(weights.get(b) ?? -Infinity, weights.get(a) ?? -Infinity));
}

function weightOf(measure: ModuleMeasure | undefined, sort: Exclude<TensorSort, "model">): number {
  if (measure?.norm === undefined) {
    return -Infinity;
  }
  if (sort === "findings") {
    return measure.findings;
  }
  if (!Number.isFinite(measure.norm)) {
    return Infinity;
  }
  // Twice as much and half as much are the same change; a norm that fell to 0 is the largest.
  return sort === "norm" ? measure.norm : measure.change === null ? -1 : Math.abs(Math.log(measure.change));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
