import { readFileSync, writeFileSync } from "node:fs";
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

/** The largest memory that another process ever had; NaN where the system does not tell. In MiB. */
export function peakMebibytesOf(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) {
    return Number.NaN;
  }
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
