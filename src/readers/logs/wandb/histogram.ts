import { isFields, numberIn } from "../shared/fields.ts";
import type { Fields } from "../shared/fields.ts";
import { binsOfEdges, normOfBins } from "../shared/normOfBins.ts";

/** About the L2 norm of what a logged histogram counts. Undefined for anything else, or one of nothing. */
export function normOfObject(object: Fields): number | undefined {
  const counts = numbersIn(object["values"]);
  const edgeAt = edgesOf(object, counts.length);
  const isHistogram = object["_type"] === "histogram" && counts.length > 0;
  return isHistogram && edgeAt !== undefined ? normOfBins(binsOfEdges(counts, edgeAt)) : undefined;
}

/** All edges in a list, or the first and the distance between two. */
function edgesOf(object: Fields, counts: number): ((index: number) => number) | undefined {
  const edges = numbersIn(object["bins"]);
  if (edges.length === counts + 1) {
    return (index) => edges[index] ?? Number.NaN;
  }
  const packed = object["packedBins"];
  const { min, size } = isFields(packed) ? packed : { min: object["packedBins/min"], size: object["packedBins/size"] };
  const first = numberIn(min, "other");
  const distance = numberIn(size, "other");
  return first === undefined || distance === undefined ? undefined : (index) => first + index * distance;
}

/** None when something else stands among the numbers. */
function numbersIn(list: unknown): number[] {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  const numbers = items.map((item) => numberIn(item, "other"));
  const known = numbers.filter((number) => number !== undefined);
  return known.length === numbers.length ? known : [];
}
