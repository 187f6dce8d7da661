/**
 * A day of logging in minutes: `node --expose-gc bench/soak.ts [appends]`, the first half of `npm run soak`. At one append every 0.43 s, 200,000 are 24 hours. Everything on
 * the disk must be found, once, at every comparison. Prints one line for each, and a Markdown table.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { soak } from "../test/support/soak.ts";
import type { SoakSample } from "../test/support/soak.ts";

const appends = Number(process.argv[2] ?? 200_000);
const folder = join(import.meta.dirname, "../.workbench/bench/soak");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const startMs = performance.now();
const rows: string[] = [];
await soak({ folder, appends, compareEvery: Math.max(1, Math.round(appends / 20)), onSample: tell });
const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
console.log(`\n| # | appends | logs | samples on the disk | resident | heap | lag |\n|---|---|---|---|---|---|---|`);
console.log(rows.map((row) => `| ${row} |`).join("\n"));
console.log(
  `\n${appends} appends in ${seconds} s: every sample was found once, at each of ${rows.length} comparisons.`,
);

function tell(sample: SoakSample): void {
  const { residentMiB, heapMiB, lagMs } = sample;
  const cells = [
    rows.length + 1,
    sample.appends,
    sample.logs,
    sample.samples,
    `${residentMiB.toFixed(0)} MiB`,
    `${heapMiB.toFixed(1)} MiB`,
    `${lagMs.toFixed(0)} ms`,
  ];
  rows.push(cells.join(" | "));
  console.log(`sample ${cells.join(", ")}`);
}
