/**
 * What a series costs in memory beside its samples: runs of many tensors, a step at a time, each with names of its own as
 * they come from another process; with a judge and without. Prints one Markdown table:
 * `node bench/manySeries.ts [runs] [tensors] [steps] [gradlens.runs.maxSamples]`.
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import type { LogBatch } from "#core/log.ts";
import type { SeriesChunk } from "#core/series.ts";
import { createFindingsBook } from "#following/findingsBook.ts";
import { createRunStore } from "#store/runStore.ts";

const POSITION = { format: "jsonl", offset: 0, line: 0, identity: "", carry: "" } as const;
/** Step, line and value, in 4 bytes each. */
const SAMPLE_BYTES = 12;

const [runs = 10, tensors = 10_000, steps = 20, maxSamples = Infinity] = process.argv.slice(2, 6).map(Number);
const [, , , , , , who] = process.argv;
if (who === undefined) {
  console.log(
    "| runs | tensors in each | steps | | kept | samples | for each series | beside samples | ms for a step of a run |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const one of ["store", "store and judge"]) {
    // What one leaves behind must not be counted for the next.
    const sizes = [runs, tensors, steps, maxSamples].map(String);
    execFileSync(process.execPath, ["--expose-gc", import.meta.filename, ...sizes, one], { stdio: "inherit" });
  }
} else {
  measure(who);
}

function measure(what: string): void {
  const store = createRunStore(() => maxSamples);
  const book = what === "store" ? undefined : createFindingsBook(store);
  const folders = Array.from({ length: runs }, (_, run) => `/runs/${run}`);
  const before = usedBytes();
  folders.forEach((folder) => store.setFiles({ folder, logs: [], checkpoints: [], modifiedMs: 0 }));
  let tookMs = 0;
  for (let step = 0; step < steps; step += 1) {
    for (const folder of folders) {
      const batch = batchOf(step);
      const startMs = performance.now();
      store.append(folder, { path: `${folder}/metrics.jsonl`, format: "jsonl" }, batch);
      tookMs += performance.now() - startMs;
    }
  }
  const bytes = usedBytes() - before;
  const series = store.runs().flatMap((run) => [...run.tensors().values()]);
  const samples = series.reduce((sum, one) => sum + one.length(), 0);
  const [each, beside] = [bytes, bytes - samples * SAMPLE_BYTES].map((all) => `${(all / series.length).toFixed(0)} B`);
  const stepMs = (tookMs / runs / steps).toFixed(1);
  console.log(
    `| ${[runs, tensors, steps, what, `${(bytes / 2 ** 20).toFixed(0)} MiB`, samples, each, beside, stepMs].join(" | ")} |`,
  );
  book?.dispose();
}

function batchOf(step: number): LogBatch {
  const chunks = Array.from({ length: tensors }, (_, at): SeriesChunk => {
    const tensor = `model.layers.${at >> 3}.block${at & 7}.weight`;
    return {
      kind: "tensorNorm",
      name: received(`grad_norm/${tensor}`),
      tensor: received(tensor),
      steps: Float64Array.of(step),
      values: Float64Array.of(Math.fround(1 + Math.sin(step * 12.9898 + at) / 2)),
      lines: Float64Array.of(step),
    };
  });
  return { chunks, position: POSITION, restarted: false, more: false, clipThreshold: null, problems: [] };
}

/** The same text, in memory of its own. */
function received(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function usedBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
