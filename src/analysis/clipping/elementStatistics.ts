import type { MagnitudeHistogram } from "#core/tensor.ts";

/** What `gradlens norms --full` knows of the elements of a gradient. */
export interface ElementStatistics {
  readonly elements: number;
  readonly l1: number;
  readonly l2: number;
  readonly linf: number;
  readonly histogram: MagnitudeHistogram;
}

/** Statistics of several tensors taken together. */
export function joinStatistics(parts: readonly ElementStatistics[]): ElementStatistics {
  const sum = (of: (part: ElementStatistics) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const filled = parts.map(({ histogram }) => histogram).filter(({ counts }) => counts.length > 0);
  const firstExponent = filled.reduce((first, one) => Math.min(first, one.firstExponent), Infinity);
  const end = filled.reduce((last, one) => Math.max(last, one.firstExponent + one.counts.length), -Infinity);
  const counts = Array<number>(Math.max(0, end - firstExponent)).fill(0);
  for (const one of filled) {
    one.counts.forEach((count, index) => {
      const at = one.firstExponent - firstExponent + index;
      counts[at] = (counts[at] ?? 0) + count;
    });
  }
  return {
    elements: sum(({ elements }) => elements),
    l1: sum(({ l1 }) => l1),
    l2: Math.sqrt(sum(({ l2 }) => l2 * l2)),
    linf: parts.reduce((largest, { linf }) => Math.max(largest, linf), 0), // Math.max keeps a NaN.
    histogram: { firstExponent: counts.length === 0 ? 0 : firstExponent, counts },
  };
}
