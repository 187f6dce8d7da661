import { writeFileSync } from "node:fs";
import process from "node:process";

/** Memory in use, from which the peak is counted again. Only Linux can; elsewhere the peak is that of all times. In MiB. */
export function forgetPeak(): number {
  globalThis.gc?.();
  if (process.platform === "linux") {
    writeFileSync("/proc/self/clear_refs", "5");
  }
  return peakMebibytes();
}

export function peakMebibytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}
