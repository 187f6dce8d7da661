import type { Numbers } from "#core/numbers.ts";

/** The samples of a norm that count, by ascending step, as columns of equal length. */
export interface CountedSamples {
  readonly steps: Numbers;
  readonly values: Numbers;
}

export interface NamedSamples extends CountedSamples {
  readonly name: string;
}

/** Index of the first ascending step that is at least `wanted`; the length when there is none. */
export function firstAtLeast(steps: Numbers, wanted: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle] ?? Infinity) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The step nearest to a wanted one, the earlier of two; undefined when there is none. */
export function nearestStep(steps: Numbers, wanted: number): number | undefined {
  const after = firstAtLeast(steps, wanted);
  const [earlier, later] = [steps[after - 1], steps[after]];
  if (earlier === undefined || later === undefined) {
    return earlier ?? later;
  }
  return wanted - earlier <= later - wanted ? earlier : later;
}
