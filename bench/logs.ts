/**
 * Rates of reading logs as the worker reads them, batch after batch: `npm run bench:logs`.
 * Makes its own files of 200 MB in .workbench/bench and leaves them there. Prints one Markdown table.
 */
import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { LogPosition } from "#core/log.ts";
import { readLog } from "#worker/runs/readLog.ts";
import { LOG_FILES } from "./logFiles.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench");
const BYTES = 200_000_000;
const RUNS = 5;
const BATCH_BYTES = 8_000_000;

interface Reading {
  readonly seconds: number;
  readonly samples: number;
  readonly problems: number;
}

const NOTHING: Reading = { seconds: 0, samples: 0, problems: 0 };

mkdirSync(FOLDER, { recursive: true });
const chosen = process.argv.slice(2);
console.log(`${cpus()[0]?.model ?? "unknown processor"}; medians of ${RUNS} runs, processor time of one process\n`);
console.log(
  "| log | MB/s | reading and decoding alone, MB/s | million samples/s | problems | peak memory |\n|---|---|---|---|---|---|",
);
for (const { title, name, make } of LOG_FILES.filter((file) => chosen.length === 0 || chosen.includes(file.name))) {
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    make(path, BYTES);
  }
  const readings: Reading[] = [];
  const decodings: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    decodings.push(decodeAll(path));
    readings.push(await readAll(path));
  }
  const { seconds, samples, problems } = readings.toSorted((a, b) => a.seconds - b.seconds)[RUNS >> 1] ?? NOTHING;
  const rateIn = (took: number): string => (statSync(path).size / took / 1e6).toFixed(0);
  const decoding = decodings.toSorted((a, b) => a - b)[RUNS >> 1] ?? 0;
  const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  const millions = (samples / seconds / 1e6).toFixed(1);
  console.log(`| ${title} | ${rateIn(seconds)} | ${rateIn(decoding)} | ${millions} | ${problems} | ${memory} MiB |`);
}

/** Seconds to read a file in batches and decode them as UTF-8: what the same machine does at the same time. */
function decodeAll(path: string): number {
  const before = process.cpuUsage();
  const bytes = Buffer.alloc(BATCH_BYTES);
  const file = openSync(path, "r");
  for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
    bytes.toString("utf8", 0, length);
  }
  closeSync(file);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
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
