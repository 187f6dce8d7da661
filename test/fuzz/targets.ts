import { checkpointTargets } from "./checkpointTargets.ts";
import { logTargets } from "./logTargets.ts";
import type { Target } from "./target.ts";
import { wireTargets } from "./wireTargets.ts";

/** All that is fuzzed. */
export const TARGETS: readonly Target[] = [...checkpointTargets(), ...logTargets(), ...wireTargets()];
