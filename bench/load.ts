/**
 * What happens under load: the second half of `npm run soak`; alone: `node --expose-gc bench/load.ts [hour] [runs] [folder]`. An hour of 2,000 appends a second
 * over 50 logs, as fast as it goes; 200 followed runs of 10,000 tensors each; a folder of a million files. Every append is
 * numbered, and told as soon as one is missing or there twice. Prints Markdown tables.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { appendForAnHour } from "../test/support/load/hour.ts";
import { findInMillion } from "../test/support/load/million.ts";
import { followManyRuns } from "../test/support/load/manyRuns.ts";
import type { LoadPart } from "../test/support/load/loadPart.ts";

const PARTS: Readonly<Record<string, LoadPart>> = {
  hour: appendForAnHour,
  runs: followManyRuns,
  folder: findInMillion,
};

const names = process.argv.slice(2);
for (const [name, run] of Object.entries(PARTS)) {
  if (names.length === 0 || names.includes(name)) {
    const folder = join(import.meta.dirname, "../.workbench/bench/load", name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const startMs = performance.now();
    const { columns, rows, summary } = await run(folder);
    console.log(`\n## ${name}\n\n| ${columns.join(" | ")} |\n|${columns.map(() => " --- |").join("")}`);
    console.log(rows.map((row) => `| ${row.join(" | ")} |`).join("\n"));
    console.log(`\n${summary} It took ${((performance.now() - startMs) / 1000).toFixed(0)} s.`);
    rmSync(folder, { recursive: true, force: true });
  }
}
