import type { CountedSamples } from "./samples.ts";

/** The first step whose norm is not finite, else that with the largest; undefined without samples. */
export function worstStep({ steps, values }: CountedSamples): number | undefined {
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    return steps[broken];
  }
  let worst = 0;
  values.forEach((value, index) => (worst = value > (values[worst] ?? Infinity) ? index : worst));
  return steps[worst];
}
