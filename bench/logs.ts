/**
 * Rates of reading logs as the worker reads them, batch after batch: `npm run bench:logs`.
 * Makes its own files of 200 MB in .workbench/bench and leaves them there. Prints one Markdown table.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { LogPosition } from "#core/log.ts";
import { readLog } from "#worker/readLog.ts";
import { LOG_FILES } from "./logFiles.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench");
const BYTES = 200_000_000;
const RUNS = 5;

interface Reading {
  readonly seconds: number;
  readonly samples: number;
  readonly problems: number;
}

const NOTHING: Reading = { seconds: 0, samples: 0, problems: 0 };

mkdirSync(FOLDER, { recursive: true });
const chosen = process.argv.slice(2);
console.log(`${cpus()[0]?.model ?? "unknown processor"}; medians of ${RUNS} runs, processor time of one process\n`);
console.log("| log | MB/s | samples | million samples/s | problems | peak memory |\n|---|---|---|---|---|---|");
for (const { title, name, make } of LOG_FILES.filter((file) => chosen.length === 0 || chosen.includes(file.name))) {
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    make(path, BYTES);
  }
  const readings: Reading[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    readings.push(await readAll(path));
  }
  const { seconds, samples, problems } = readings.toSorted((a, b) => a.seconds - b.seconds)[RUNS >> 1] ?? NOTHING;
  const rate = (statSync(path).size / seconds / 1e6).toFixed(0);
  const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  const millions = (samples / seconds / 1e6).toFixed(1);
  console.log(`| ${title} | ${rate} | ${samples} | ${millions} | ${problems} | ${memory} MiB |`);
}

async function readAll(path: string): Promise<Reading> {
  const before = process.cpuUsage();
  let samples = 0;
  let problems = 0;
  let position: LogPosition | null = null;
  for (let more = true; more;) {
    const batch = await readLog(path, position);
    ({ position, more } = batch);
    problems += batch.problems.length;
    samples += batch.chunks.reduce((total, { steps }) => total + steps.length, 0);
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6, samples, problems };
}
