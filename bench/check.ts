/**
 * How long `gradlens check` takes on a JSON Lines log of 200 MB, beside reading and parsing the same log alone: medians of
 * runs in turns.
 */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { medianOfSorted } from "#core/quantile.ts";
import { loadRuns } from "#cli/runs/loadRuns.ts";
import { buildProgram } from "../test/support/build.ts";

const BYTES = 200_000_000;
const ROUNDS = 5;
const LIMIT_SECONDS = 3;

const folder = mkdtempSync(join(tmpdir(), "gradlens-bench-"));
const log = join(folder, "log.jsonl");
try {
  const steps = writeLog(log);
  const script = await buildProgram("cli");
  const rounds: { readonly check: number; readonly read: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    execFileSync(process.execPath, [script, "check", log], { stdio: "inherit" });
    const checkedMs = performance.now();
    await loadRuns([log], { signal: new AbortController().signal });
    rounds.push({ check: (checkedMs - startMs) / 1000, read: (performance.now() - checkedMs) / 1000 });
  }
  const [check, read] = (["check", "read"] as const).map((what) =>
    medianOfSorted(rounds.map((round) => round[what]).toSorted((a, b) => a - b)),
  );
  console.log(`${steps} steps in ${BYTES / 1e6} MB: check ${show(check)} s, of which reading takes ${show(read)} s`);
  console.log(
    check !== undefined && check <= LIMIT_SECONDS ? "within the limit" : `above the limit of ${LIMIT_SECONDS} s`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

function show(seconds: number | undefined): string {
  return (seconds ?? Number.NaN).toFixed(2);
}

function writeLog(path: string): number {
  const file = openSync(path, "w");
  let bytes = 0;
  let step = 0;
  while (bytes < BYTES) {
    const lines = Array.from({ length: 10_000 }, () => lineOf((step += 1))).join("");
    bytes += writeSync(file, lines);
  }
  closeSync(file);
  return step;
}

/** As trainers write them: seven numbers, 150 bytes. */
function lineOf(step: number): string {
  const noise = Math.sin(12.9898 * (step % 10_007) ** 2);
  const row = {
    step,
    loss: 2 + noise / 10,
    learning_rate: 3e-4,
    grad_norm: 1 + noise / 5,
    tokens_per_second: 51_234.5 + noise,
    epoch: step / 1e5,
    time: 1.7e9 + step,
  };
  return `${JSON.stringify(row)}\n`;
}
