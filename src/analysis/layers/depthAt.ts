import { medianOfSorted } from "#core/quantile.ts";
import { depthProfiles } from "../checkpoints/depthProfile.ts";
import type { DepthProfile } from "../checkpoints/depthProfile.ts";
import { firstAtLeast } from "./samples.ts";
import type { NamedSamples } from "./samples.ts";

/** How gradients change with depth around a step. */
export interface DepthAt {
  readonly profiles: readonly DepthProfile[];
  /** Root mean squares; else the norms as they are, which compare where the blocks of a role have one shape. */
  readonly isRms: boolean;
}

/** A tensor's gradient is the median of so many norms up to the step. */
const POINTS = 50;

/** RMS needs the number of elements of every tensor that was measured. */
export function depthAt(
  tensors: readonly NamedSamples[],
  step: number,
  elementsOf: (name: string) => number | undefined,
): DepthAt {
  const known = tensors.flatMap(({ name, ...samples }) => {
    const norm = medianUpTo(samples, step);
    return norm === undefined ? [] : [{ name, norm, elements: elementsOf(name) }];
  });
  const isRms = known.every(({ elements }) => elements !== undefined);
  return {
    profiles: depthProfiles(
      known.map(({ name, norm, elements = 1 }) => ({ name, norm, elements: isRms ? elements : 1 })),
    ),
    isRms,
  };
}

/** Of norms that are finite; undefined where there are none. */
function medianUpTo({ steps, values }: Omit<NamedSamples, "name">, step: number): number | undefined {
  let end = firstAtLeast(steps, step);
  while (steps[end] === step) {
    end += 1;
  }
  const last = values.subarray(Math.max(0, end - POINTS), end);
  return medianOfSorted(last.filter((norm) => norm >= 0 && norm < Infinity).toSorted());
}
