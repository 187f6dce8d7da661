import type { ReductionEngine } from "./engine.ts";
import { reduceInScript } from "./kernels.ts";
import { createStaging } from "./staging.ts";

/** The engine that runs everywhere, in float64: for platforms without a native binding, and the others' yardstick. */
export function createScriptEngine(): ReductionEngine {
  return {
    name: "script",
    device: "cpu",
    threads: 1,
    staging: createStaging(),
    reduce: async (chunk) => reduceInScript(chunk),
    dispose: async () => undefined,
  };
}
