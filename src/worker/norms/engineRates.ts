import { cpus } from "node:os";
import type { Device, EngineRate } from "#core/device.ts";
import type { Outcome } from "#core/outcome.ts";
import { readCached, writeCached } from "#files/written/cache.ts";
import { mayHaveGpu } from "#files/graphics.ts";
import { currentLanguage } from "#l10n/language.ts";
import { parseEngineRates } from "#protocol/workerAnswers.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { createOnnxEngine } from "#reduction/onnxEngine.ts";
import { measureRate, processorMs } from "#reduction/rate.ts";
import { hasRuntime } from "#reduction/runtime.ts";
import { passesSelfTest } from "#reduction/selfTest.ts";
import { createSimdEngine } from "#reduction/simdEngine.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

export interface Candidate {
  readonly name: EngineRate["name"];
  readonly device: Device;
  readonly create: () => Promise<Outcome<ReductionEngine>>;
}

const SIMD: Candidate = { name: "simd", device: "cpu", create: async () => createSimdEngine() };

/** The engines that this machine may have, the surest first. */
export function candidates(): readonly Candidate[] {
  const devices: readonly Device[] = ["cpu", ...(mayHaveGpu() ? (GPUS[process.platform] ?? []) : [])];
  return [SIMD, ...devices.map(onnxCandidate)];
}

const GPUS: Readonly<Partial<Record<NodeJS.Platform, readonly Device[]>>> = {
  win32: ["dml", "cuda"],
  darwin: ["webgpu"],
  linux: ["cuda", "webgpu"],
};

export function onnxCandidate(device: Device): Candidate {
  return { name: "onnxruntime", device, create: async () => createOnnxEngine({ threads: 1, device }) };
}

/**
 * What each candidate does on this machine: from the cache, else measured now, within a third of a second of the processor
 * on a machine without a GPU. An engine that ends the process while it is measured is found in the cache as one that is not
 * to be used.
 */
export async function engineRates(threads: number): Promise<readonly EngineRate[]> {
  const name = cacheName(threads);
  const cached = parseEngineRates(await readCached(name));
  if (cached !== undefined) {
    return cached;
  }
  const rates: EngineRate[] = [];
  const startMs = processorMs();
  for (const candidate of candidates()) {
    const { name: engine, device } = candidate;
    const unfinished = {
      name: engine,
      device,
      bytesPerSecond: null,
      note: t("It ended the process that measured it."),
    };
    await writeCached(name, JSON.stringify([...rates, unfinished]));
    const isLate = processorMs() - startMs > LATEST_START_MS;
    rates.push(
      isLate ? { ...unfinished, note: t("There was no time to measure it.") } : await measure(candidate, threads),
    );
  }
  await writeCached(name, JSON.stringify(rates));
  return rates;
}

// Of processor time, which does not pass while others have it. Creating a session on a GPU takes up to 200 ms.
const LATEST_START_MS = 250;

async function measure({ name, device, create }: Candidate, threads: number): Promise<EngineRate> {
  const created = await create();
  if (created.kind !== "ok") {
    return { name, device, bytesPerSecond: null, note: describeFailure(created) };
  }
  const engine = created.value;
  try {
    if (!(await passesSelfTest(engine))) {
      return { name, device, bytesPerSecond: null, note: t("It fails its self-test on this machine.") };
    }
    const rate = await measureRate(engine, { busyMs: 25, passedMs: device === "cpu" ? 1000 : 25 });
    return { name, device, bytesPerSecond: rate * (device === "cpu" ? threads : 1) }; // Threads share nothing.
  } catch (error) {
    return { name, device, bytesPerSecond: null, note: t("It failed while it was measured: {0}", String(error)) };
  } finally {
    await engine.dispose();
  }
}

/**
 * Notes are sentences, so another language has its own. Another processor, another runtime or other engines are another
 * machine; so is a package without onnxruntime.
 */
function cacheName(threads: number): string {
  const { arch, platform, versions } = process;
  const engines = hasRuntime() ? ENGINES : `${ENGINES} wasm`;
  const machine = [
    cpus()[0]?.model ?? "",
    cpus().length,
    threads,
    platform,
    arch,
    versions.v8,
    engines,
    currentLanguage().name,
  ].join(" ");
  return `engines-${machine.replaceAll(/[^\w.]+/g, "-")}.json`;
}

/** To be raised when an engine becomes faster. */
const ENGINES = "engines 4";
