/**
 * Rates of `gradlens diff` beside reading both files: `node bench/pairs.ts`. Makes its own files in .workbench/bench and
 * leaves them there. Prints one Markdown table; bytes are those of both files together.
 */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { makeCheckpoint } from "./checkpoints.ts";
import type { CheckpointPlan } from "./checkpoints.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench");
const RUNS = 5;
const MEBI = 2 ** 20;
const THREADS = Math.min(2, availableParallelism());

const HALF = { tensors: 16, elements: 16 * MEBI };
const FLOAT32: CheckpointPlan = { dtype: "F32", ...HALF };
const BFLOAT16: CheckpointPlan = { dtype: "BF16", ...HALF };
const FLOAT16: CheckpointPlan = { dtype: "F16", ...HALF };
const SMALL: CheckpointPlan = { dtype: "F32", tensors: 50_000, elements: 100 };

const PAIRS: Readonly<Record<string, readonly [CheckpointPlan, CheckpointPlan]>> = {
  "float32, 2 × 1 GiB": [FLOAT32, FLOAT32],
  "bfloat16, 2 × 0.5 GiB": [BFLOAT16, BFLOAT16],
  "float16, 2 × 0.5 GiB": [FLOAT16, FLOAT16],
  "bfloat16 with float32": [BFLOAT16, FLOAT32],
  "50,000 tensors of 100 elements": [SMALL, SMALL],
};

interface Timing {
  readonly seconds: readonly number[];
  readonly megabytes: number;
}

console.log("| files | what | GB/s | × dd | peak memory |\n|---|---|---|---|---|");
for (const [name, plans] of Object.entries(PAIRS)) {
  const paths = plans.map((plan, side) => {
    const path = join(FOLDER, `pair-${name.replaceAll(/\W+/g, "-")}-${side}.safetensors`);
    makeCheckpoint(path, plan);
    return path;
  });
  const size = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  readFiles(paths); // Into the page cache.
  const read = size / median(Array.from({ length: RUNS }, () => readFiles(paths)));
  console.log(`| ${name} | dd bs=8M | ${(read / 1e9).toFixed(2)} | 1.00 | |`);
  for (const threads of [1, THREADS]) {
    const { seconds, megabytes } = compare(paths, threads);
    const rate = size / median(seconds);
    const columns = [(rate / 1e9).toFixed(2), (rate / read).toFixed(2), `${megabytes.toFixed(0)} MB`];
    console.log(`| ${name} | Gradlens, ${threads} threads | ${columns.join(" | ")} |`);
  }
}

function readFiles(paths: readonly string[]): number {
  const startMs = performance.now();
  for (const path of paths) {
    execFileSync("dd", [`if=${path}`, "of=/dev/null", "bs=8M"], { stdio: "ignore" });
  }
  return (performance.now() - startMs) / 1000;
}

function compare(paths: readonly string[], threads: number): Timing {
  const script = join(import.meta.dirname, "pairsOf.ts");
  const args = [script, ...paths, String(threads), String(RUNS)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Timing;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
