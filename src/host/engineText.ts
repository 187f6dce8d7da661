import type { EngineRate, EngineReport } from "#core/device.ts";
import { formatBytes } from "#core/format.ts";
import type { EngineDescription } from "#protocol/worker.ts";

/** `simd, cpu, 2 threads`: what computed. */
export function describeEngine({ name, device, threads }: EngineDescription): string {
  return `${name}, ${device}, ${threads === 1 ? "1 thread" : `${threads} threads`}`;
}

/** `simd on cpu: 15.2 GB/s`, or why there is no rate. */
export function describeRate(rate: EngineRate): string {
  return `${placeOf(rate)}: ${describeSpeed(rate)}`;
}

export function describeSpeed({ bytesPerSecond, note }: EngineRate): string {
  return bytesPerSecond === null ? `not measured. ${note ?? ""}`.trimEnd() : `${formatBytes(bytesPerSecond)}/s`;
}

/** Which engine `auto` takes on this machine and why, as a sentence. */
export function explainChoice({ chosen, rates }: EngineReport): string {
  const [fastest, ...slower] = rates
    .flatMap(({ bytesPerSecond, ...rate }) => (bytesPerSecond === null ? [] : [{ ...rate, bytesPerSecond }]))
    .toSorted((a, b) => b.bytesPerSecond - a.bytesPerSecond);
  if (fastest === undefined) {
    return `\`auto\` takes ${placeOf(chosen)}, because no engine could be measured.`;
  }
  if (placeOf(fastest) === placeOf(chosen)) {
    const why = slower.length === 0 ? "the only one that could be measured" : "the fastest that was measured";
    return `\`auto\` takes ${placeOf(chosen)}, ${why}.`;
  }
  return `\`auto\` takes ${placeOf(chosen)}: it is within a tenth of the fastest, ${placeOf(fastest)}, and leaves the cores to the data loader.`;
}

function placeOf({ name, device }: { readonly name: string; readonly device: string }): string {
  return `${name} on ${device}`;
}
