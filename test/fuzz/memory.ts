import { measured } from "./execute.ts";
import { MAX_MEBIBYTES } from "./limits.ts";
import type { Target } from "./target.ts";
import { forgetPeak, peakMebibytes } from "../support/peakMemory.ts";

// To ask for the peak takes as long as to run some inputs.
const INPUTS_TOGETHER = 256;

/** Watches the peak of memory over some inputs together, and finds the one of them that is to blame. */
export interface MemoryWatch {
  /** The inputs that need too much, with how many MiB; mostly none. */
  readonly add: (input: Uint8Array) => Promise<readonly (readonly [input: Uint8Array, mebibytes: number])[]>;
}

export function watchMemory(target: Target): MemoryWatch {
  let inputs: Uint8Array[] = [];
  let before = forgetPeak();
  return {
    async add(input) {
      inputs.push(input);
      if (inputs.length < INPUTS_TOGETHER) {
        return [];
      }
      const suspects = peakMebibytes() - before > MAX_MEBIBYTES ? inputs : [];
      const grown: [Uint8Array, number][] = [];
      for (const suspect of suspects) {
        grown.push([suspect, await grownMebibytes(target, suspect)]);
      }
      inputs = [];
      before = forgetPeak();
      return grown.filter(([, mebibytes]) => mebibytes > MAX_MEBIBYTES);
    },
  };
}

/** How much more memory than before one run needs at its worst. */
export async function grownMebibytes(target: Target, input: Uint8Array): Promise<number> {
  const before = forgetPeak();
  await measured(target, input);
  return peakMebibytes() - before;
}
