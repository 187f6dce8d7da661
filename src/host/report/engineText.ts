import type { EngineRate, EngineReport } from "#core/device.ts";
import { formatBytes } from "#core/format.ts";
import { countThreads } from "#l10n/counts.ts";
import type { EngineDescription } from "#protocol/workerAnswers.ts";
import { t } from "@vscode/l10n";

/** `simd, cpu, 2 threads`: what computed. */
export function describeEngine({ name, device, threads }: EngineDescription): string {
  return `${name}, ${device}, ${countThreads(threads)}`;
}

/** `simd on cpu: 15.2 GB/s`, or why there is no rate. */
export function describeRate(rate: EngineRate): string {
  return `${placeOf(rate)}: ${describeSpeed(rate)}`;
}

export function describeSpeed({ bytesPerSecond, note }: EngineRate): string {
  if (bytesPerSecond !== null) {
    return `${formatBytes(bytesPerSecond)}/s`;
  }
  return note === undefined || note === "" ? t("not measured.") : t("not measured. {0}", note);
}

/** Which engine `auto` takes on this machine and why, as a sentence. */
export function explainChoice({ chosen, rates }: EngineReport): string {
  const [fastest, ...slower] = rates
    .flatMap(({ bytesPerSecond, ...rate }) => (bytesPerSecond === null ? [] : [{ ...rate, bytesPerSecond }]))
    .toSorted((a, b) => b.bytesPerSecond - a.bytesPerSecond);
  if (fastest === undefined) {
    return t("`auto` takes {0}, because no engine could be measured.", placeOf(chosen));
  }
  if (placeOf(fastest) === placeOf(chosen)) {
    return slower.length === 0
      ? t("`auto` takes {0}, the only one that could be measured.", placeOf(chosen))
      : t("`auto` takes {0}, the fastest that was measured.", placeOf(chosen));
  }
  return t(
    "`auto` takes {0}: it is within a tenth of the fastest, {1}, and leaves the cores to the data loader.",
    placeOf(chosen),
    placeOf(fastest),
  );
}

function placeOf({ name, device }: { readonly name: string; readonly device: string }): string {
  return t("{0} on {1}", name, device);
}
