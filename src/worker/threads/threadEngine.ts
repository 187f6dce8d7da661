import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { valueOf } from "../errors.ts";
import type { ThreadTask } from "./threadTask.ts";

/** The engine of one thread, which computes on this thread alone. Rejects with a sentence for people. */
export async function createThreadEngine(name: ThreadTask["engine"]): Promise<ReductionEngine> {
  return valueOf(await (name === "simd" ? createSimdEngine() : createOnnxEngine({ threads: 1 })), name);
}
