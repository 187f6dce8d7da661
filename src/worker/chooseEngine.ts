import type { DeviceChoice, EngineChoice } from "#core/device.ts";
import { describeFailure } from "#core/outcome.ts";
import type { Outcome } from "#core/outcome.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { describeDeviceFailure } from "#reduction/devices.ts";
import { withFallback } from "#reduction/fallbackEngine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { passesSelfTest } from "#reduction/selfTest.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";

type Create = (threads: number) => Promise<Outcome<ReductionEngine>>;

const ONNXRUNTIME: Create = async (threads) => createOnnxEngine({ threads });
const SIMD: Create = async () => createSimdEngine();

const BY_PREFERENCE: Readonly<Record<EngineChoice, readonly Create[]>> = {
  auto: [SIMD, ONNXRUNTIME],
  onnxruntime: [ONNXRUNTIME],
  simd: [SIMD],
};

/**
 * The engine for a computation: on a GPU with the CPU to fall back on, or on the CPU, which `auto` means until a GPU has
 * been measured to be as fast. Notes say what was passed over; a
 * device that fails in mid-computation adds one later.
 */
export async function chooseEngine(
  { engine, device }: { readonly engine: EngineChoice; readonly device: DeviceChoice },
  threads: number,
  notes: string[],
): Promise<ReductionEngine> {
  const onCpu = await chooseCpuEngine(engine, threads, notes);
  if (device === "auto" || device === "cpu") {
    return onCpu;
  }
  const onDevice = await createOnnxEngine({ threads, device });
  if (onDevice.kind !== "ok") {
    notes.push(`${describeFailure(onDevice)} The CPU was used.`);
    return onCpu;
  }
  if (!(await passesSelfTest(onDevice.value))) {
    notes.push(`The device ${device} fails its self-test on this machine. The CPU was used.`);
    await onDevice.value.dispose();
    return onCpu;
  }
  return withFallback(onDevice.value, onCpu, (error) => {
    notes.push(`${describeDeviceFailure(device, error)} The rest was computed on the CPU.`);
  });
}

/** The first that runs; the script engine, which always does, when none of them. Notes say why one was passed over. */
async function chooseCpuEngine(choice: EngineChoice, threads: number, notes: string[]): Promise<ReductionEngine> {
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
