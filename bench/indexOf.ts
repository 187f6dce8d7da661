/** One index in a process of its own: `indexOf.ts PATH` prints tensors, seconds, seconds of the processor, and megabytes. */
import { openCheckpoint } from "#worker/checkpoints/openCheckpoint.ts";

const [path = ""] = process.argv.slice(2);
const before = process.resourceUsage();
const startMs = performance.now();
const { tensors, close } = await openCheckpoint(path);
const seconds = (performance.now() - startMs) / 1000;
const after = process.resourceUsage();
await close();
console.log(
  JSON.stringify({
    tensors: tensors.length,
    seconds,
    cpuSeconds: (after.userCPUTime - before.userCPUTime) / 1e6,
    peakMegabytes: (after.maxRSS - before.maxRSS) / 1000,
  }),
);
