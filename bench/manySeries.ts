/**
 * What a series costs in memory beside its samples: runs of many tensors, a step at a time, each with names of its own as
 * they come from another process. `node bench/manySeries.ts [runs] [tensors] [steps]`, with and without a judge.
 * Prints one Markdown table.
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

const [runs = 10, tensors = 10_000, steps = 20] = process.argv.slice(2, 5).map(Number);
const [, , , , , isJudged] = process.argv;
if (isJudged === undefined) {
  console.log(
    "| runs | tensors in each | steps | | kept | for each series | of it beside samples | ms for a step of a run |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
  for (const judged of ["store", "store and judge"]) {
    const sizes = [runs, tensors, steps].map(String);
    const options = ["--expose-gc", "--max-old-space-size=12000", import.meta.filename, ...sizes, judged];
    execFileSync(process.execPath, options, { stdio: "inherit" });
  }
} else {
  measure(isJudged);
}

function measure(what: string): void {
  const store = createRunStore();
  const book = what === "store" ? undefined : createFindingsBook(store);
  const folders = Array.from({ length: runs }, (_, run) => `/runs/${run}`);
  const before = residentBytes();
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
  const kept = residentBytes() - before;
  const findings = store.runs().reduce((sum, run) => sum + (book?.of(run).length ?? 0), 0);
  const series = store.runs().reduce((sum, run) => sum + run.tensors().size, 0);
  const each = kept / series;
  const cells = [runs, tensors, steps, what, `${(kept / 2 ** 20).toFixed(0)} MiB`, `${each.toFixed(0)} B`];
  const beside = `${(each - steps * SAMPLE_BYTES).toFixed(0)} B`;
  console.log(
    `| ${[...cells, beside, (tookMs / runs / steps).toFixed(1)].join(" | ")} |${findings > 0 ? " findings" : ""}`,
  );
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

function residentBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
