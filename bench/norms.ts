/**
 * Rates of `gradlens norms` beside reading the file and beside PyTorch, all in one run: `npm run bench`.
 * Makes its own files in .workbench/bench and leaves them there. Prints one Markdown table.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { makeCheckpoint } from "./checkpoints.ts";
import type { CheckpointPlan } from "./checkpoints.ts";
import { mayHaveGpu } from "#files/graphics.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench");
const RUNS = 5;
const MEBI = 2 ** 20;
const THREADS = Math.min(2, availableParallelism());
const PYTHONS = ["/usr/bin/python3", "python3"];

interface Timing {
  readonly seconds: readonly number[];
  readonly l2: number;
  readonly megabytes?: number;
}

const FILES: Readonly<Record<string, CheckpointPlan>> = {
  "float32, 2 GiB": { dtype: "F32", tensors: 32, elements: 16 * MEBI },
  "bfloat16, 1 GiB": { dtype: "BF16", tensors: 32, elements: 16 * MEBI },
  "float16, 1 GiB": { dtype: "F16", tensors: 32, elements: 16 * MEBI },
  "50,000 tensors of 100 elements": { dtype: "F32", tensors: 50_000, elements: 100 },
  "24 GiB, sparse": { dtype: "F32", tensors: 96, elements: 64 * MEBI, isSparse: true },
};

interface Setup {
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
}

const SETUPS: readonly Setup[] = [
  { engine: "auto", device: "auto", threads: THREADS },
  ...["simd", "onnxruntime"].flatMap((engine) => [1, THREADS].map((threads) => ({ engine, device: "cpu", threads }))),
  ...(mayHaveGpu() ? ["cuda", "webgpu", "dml", "coreml"] : []).map((device) => {
    return { engine: "onnxruntime", device, threads: THREADS };
  }),
];

const python = PYTHONS.find((candidate) => spawnSync(candidate, ["-c", "import torch"]).status === 0);
const [cpu] = cpus();
console.log(
  `${cpu?.model ?? "unknown processor"}, ${availableParallelism()} cores; medians of ${RUNS} runs, ${THREADS} threads\n`,
);
console.log("| file | what | GB/s | × dd | norm against float64 | peak memory |\n|---|---|---|---|---|---|");
for (const [name, plan] of Object.entries(FILES)) {
  const path = join(FOLDER, `${name.replaceAll(/\W+/g, "-")}.safetensors`);
  makeCheckpoint(path, plan);
  benchFile(name, path, plan);
}

function benchFile(name: string, path: string, { isSparse = false, tensors }: CheckpointPlan): void {
  const { size } = statSync(path);
  const runs = isSparse ? 1 : RUNS;
  readFile(path); // Into the page cache.
  const read = median(Array.from({ length: runs }, () => readFile(path)));
  const isPeerFair = python !== undefined && !isSparse && tensors < 1000;
  const truth = isPeerFair ? peer(path, "float64") : undefined;
  const row = (what: string, { seconds, l2, megabytes }: Timing): void => {
    const rate = size / median(seconds) / 1e9;
    const error = truth === undefined ? "" : ((l2 - truth.l2) / truth.l2).toExponential(1);
    const memory = megabytes === undefined ? "" : `${megabytes.toFixed(0)} MB`;
    const time = tensors < 1000 ? rate.toFixed(2) : `${rate.toFixed(2)} (${median(seconds).toFixed(2)} s)`;
    console.log(`| ${name} | ${what} | ${time} | ${(rate / (size / read / 1e9)).toFixed(2)} | ${error} | ${memory} |`);
  };
  console.log(`| ${name} | dd bs=8M | ${(size / read / 1e9).toFixed(2)} | 1.00 | | |`);
  for (const setup of SETUPS) {
    row(`Gradlens, ${describe(setup)}`, gradlens(path, setup, runs));
  }
  if (truth !== undefined) {
    row("PyTorch, float32", peer(path, "float32"));
    row("PyTorch, float64", truth);
  }
}

function readFile(path: string): number {
  const startMs = performance.now();
  execFileSync("dd", [`if=${path}`, "of=/dev/null", "bs=8M"], { stdio: "ignore" });
  return (performance.now() - startMs) / 1000;
}

function describe({ engine, device, threads }: Setup): string {
  const where = device === "cpu" || engine === "auto" ? `${threads} thread${threads === 1 ? "" : "s"}` : device;
  return `${engine}, ${where}`;
}

function gradlens(path: string, { engine, device, threads }: Setup, runs: number): Timing {
  const args = [join(import.meta.dirname, "normsOf.ts"), path, engine, device, String(threads), String(runs)];
  return parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function peer(path: string, dtype: "float32" | "float64"): Timing {
  const script = join(import.meta.dirname, "peer.py");
  const args = [script, path, String(THREADS), String(RUNS), dtype];
  return parse(execFileSync(python ?? "python3", args, { encoding: "utf8" }));
}

function parse(text: string): Timing {
  return JSON.parse(text) as Timing;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
