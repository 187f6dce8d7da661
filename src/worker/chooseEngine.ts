import { describeFailure } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { passesSelfTest } from "#reduction/selfTest.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";

/** `auto` takes the fastest that gets a self-test right on this machine. */
export type EngineChoice = "auto" | "onnxruntime" | "simd";

type Create = (threads: number) => Promise<Outcome<ReductionEngine>>;

const ONNXRUNTIME: Create = async (threads) => createOnnxEngine({ threads });
const SIMD: Create = async () => createSimdEngine();

const BY_PREFERENCE: Readonly<Record<EngineChoice, readonly Create[]>> = {
  auto: [SIMD, ONNXRUNTIME],
  onnxruntime: [ONNXRUNTIME],
  simd: [SIMD],
};

/** The first that runs; the script engine, which always does, when none of them. Notes say why one was passed over. */
export async function chooseEngine(choice: EngineChoice, threads: number, notes: string[]): Promise<ReductionEngine> {
  for (const create of BY_PREFERENCE[choice]) {
    const engine = await create(threads);
    if (engine.kind !== "ok") {
      notes.push(`${describeFailure(engine)} A slower engine was used.`);
    } else if (await passesSelfTest(engine.value)) {
      return engine.value;
    } else {
      notes.push(`The engine ${engine.value.name} fails its self-test on this machine. A slower engine was used.`);
      await engine.value.dispose();
    }
  }
  return createScriptEngine();
}
