import type { NamedSamples } from "#analysis/layers/samples.ts";

/** Step n has the n-th value; one that is undefined was not measured. */
export function samplesOf(name: string, values: readonly (number | undefined)[], first = 0): NamedSamples {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ step: first + index, value }]));
  return {
    name,
    steps: Float64Array.from(known, ({ step }) => step),
    values: Float64Array.from(known, ({ value }) => value),
  };
}
