import process from "node:process";

import { computeNorms } from "#worker/norms/computeNorms.ts";

/** A program that reads the checkpoints it is given, as users do, and prints what became of each: its tensors, or why not. */
const outcomes: Record<string, string> = {};
for (const path of process.argv.slice(2)) {
  try {
    const { tensors } = await computeNorms(path, { engine: "simd", threads: 1 });
    outcomes[path] = `${tensors.length} tensors`;
  } catch (error) {
    outcomes[path] = error instanceof Error ? error.message : String(error);
  }
}
process.stdout.write(JSON.stringify(outcomes));
