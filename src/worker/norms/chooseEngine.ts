import type { DeviceChoice, EngineChoice, EngineRate, EngineReport } from "#core/device.ts";
import { describeDeviceFailure } from "#reduction/devices.ts";
import type { ReductionEngine } from "#reduction/engine.ts";
import { withFallback } from "#reduction/fallbackEngine.ts";
import { createScriptEngine } from "#reduction/scriptEngine.ts";
import { passesSelfTest } from "#reduction/selfTest.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";
import { candidates, engineRates, onnxCandidate } from "./engineRates.ts";
import type { Candidate } from "./engineRates.ts";

export interface EngineRequest {
  readonly engine: EngineChoice;
  readonly device: DeviceChoice;
  readonly threads: number;
}

export interface ChosenEngine {
  readonly engine: ReductionEngine;
  /** What was chosen from; empty when it was asked for by name. */
  readonly rates: readonly EngineRate[];
}

/**
 * The engine for a computation. A GPU has the CPU to fall back on. Notes say what was passed over; a device that fails in
 * mid-computation adds one later.
 */
export async function chooseEngine({ engine, device, threads }: EngineRequest, notes: string[]): Promise<ChosenEngine> {
  const isOpen = engine === "auto" && device === "auto";
  const rates = isOpen ? await engineRates(threads) : [];
  const wanted = isOpen ? byRate(rates) : named(engine, device);
  return { engine: await firstThatWorks(wanted, notes), rates };
}

/** What `auto` takes on this machine, and why. */
export async function reportEngines(threads: number): Promise<EngineReport> {
  const rates = await engineRates(threads);
  const [first] = byRate(rates);
  const { name, device } = first ?? { name: "script", device: "cpu" };
  return { chosen: { name, device }, rates };
}

/** The fastest first; but a GPU within a tenth of it before it, because that leaves the cores to the data loader. */
export function byRate(rates: readonly EngineRate[], among = candidates()): readonly Candidate[] {
  const speedOf = ({ name, device }: Pick<EngineRate, "name" | "device">): number => {
    const rate = rates.find((one) => one.name === name && one.device === device)?.bytesPerSecond ?? 0;
    return device === "cpu" ? rate : rate / WITHIN_A_TENTH;
  };
  return among.filter((candidate) => speedOf(candidate) > 0).toSorted((a, b) => speedOf(b) - speedOf(a));
}

const WITHIN_A_TENTH = 0.9;

/** A device other than the CPU is onnxruntime's; what is not asked for by name is what every machine has. */
function named(engine: EngineChoice, device: DeviceChoice): readonly Candidate[] {
  if (device !== "auto" && device !== "cpu") {
    return [onnxCandidate(device), ...named(engine === "onnxruntime" ? engine : "auto", "cpu")];
  }
  const onCpu = candidates().filter((candidate) => candidate.device === "cpu");
  return engine === "auto" ? onCpu : onCpu.filter(({ name }) => name === engine);
}

/** The first that runs here; the script engine, which always does, when none of them. */
async function firstThatWorks([first, ...others]: readonly Candidate[], notes: string[]): Promise<ReductionEngine> {
  if (first === undefined) {
    return createScriptEngine();
  }
  const created = await first.create();
  const instead = first.device === "cpu" ? t("A slower engine was used.") : t("The CPU was used.");
  if (created.kind !== "ok") {
    notes.push(`${describeFailure(created)} ${instead}`);
    return firstThatWorks(others, notes);
  }
  if (!(await passesSelfTest(created.value))) {
    await created.value.dispose();
    notes.push(
      first.device === "cpu"
        ? t("The engine {0} fails its self-test on this machine. {1}", first.name, instead)
        : t("The device {0} fails its self-test on this machine. {1}", first.device, instead),
    );
    return firstThatWorks(others, notes);
  }
  if (first.device === "cpu") {
    return created.value;
  }
  const onCpu = others.filter(({ device }) => device === "cpu");
  return withFallback(created.value, await firstThatWorks(onCpu, notes), (error) => {
    notes.push(t("{0} The rest was computed on the CPU.", describeDeviceFailure(first.device, error)));
  });
}
