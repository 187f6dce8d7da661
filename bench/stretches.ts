/**
 * The longest stretch in which the worker's event loop does not turn, by kind of request and file, each in a process of its
 * own: after how much of it a worker counts as hanging follows from this (`client/workerClient.ts`). Processor time, so that
 * other work on the machine does not matter. `node bench/stretches.ts [WORD…]` takes the rows whose name has one of the words.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { LOG_FILES } from "./logFiles.ts";
import { MANY_TENSORS, writeMade } from "./manyTensors.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench/stretches");

interface Row {
  readonly what: string;
  readonly name: string;
  readonly kind: string;
  readonly make: (path: string) => void;
}

const LOG_BYTES = 100_000_000;
const TENSORS = [100_000, 1_000_000];

// The other is refused at that size.
const MILLION = /^(?!PyTorch, before)/;
const CHECKPOINT_KINDS = ["indexCheckpoint", "computeNorms", "compareCheckpoints", "measureAdam"];

const ROWS: readonly Row[] = [
  ...TENSORS.flatMap((count) =>
    MANY_TENSORS.filter(({ what }) => count === TENSORS[0] || MILLION.test(what)).flatMap(({ what, opened, make }) => {
      const name = `${count}/${opened}`;
      const write = (): void => writeMade(join(FOLDER, String(count)), make(count));
      const kinds = what === "safetensors" ? CHECKPOINT_KINDS : ["indexCheckpoint"];
      return kinds.map((kind) => ({ what: `${what}, ${count.toLocaleString("en")} tensors`, name, kind, make: write }));
    }),
  ),
  ...LOG_FILES.map(({ title, name, make }) => ({
    what: `${title}, 100 MB`,
    name,
    kind: "readLog",
    make: (path: string) => make(path, LOG_BYTES),
  })),
  { what: "JSON Lines, 10,000 tensors a row, 100 MB", name: "wide.jsonl", kind: "readLog", make: writeWide },
  { what: "trainer_state.json, 200 MB", name: "trainer_state.json", kind: "readLog", make: writeState },
  { what: "compressed JSON Lines, 100 MB", name: "rows.jsonl.gz", kind: "readLog", make: writePacked },
  { what: "CSV of 2,000 columns, 100 MB", name: "metrics.csv", kind: "readLog", make: writeCsv },
];

const words = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
console.log("| request | file | longest stretch, ms | whole, ms |\n|---|---|---|---|");
for (const { what, name, kind, make } of ROWS) {
  if (words.length > 0 && !words.some((word) => `${kind} ${what}`.includes(word))) {
    continue;
  }
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    make(path);
  }
  try {
    const args = [join(import.meta.dirname, "stretchOf.ts"), kind, path];
    console.log(`| ${kind} | ${what} | ${execFileSync(process.execPath, args, { encoding: "utf8" }).trim()} |`);
  } catch (error) {
    console.log(`| ${kind} | ${what} | ${String(error).split("\n")[0]} |`);
  }
}

function writeLines(path: string, head: string, lineOf: (index: number) => string): void {
  const lines = [head];
  for (let index = 0, bytes = 0; bytes < LOG_BYTES; index += 1) {
    const line = lineOf(index);
    bytes += line.length + 1;
    lines.push(line);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}

function writeWide(path: string): void {
  writeLines(path, JSON.stringify({ step: 0, grad_norm: 1 }), (step) => {
    const norms = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`grad_norm/layers.${at}.weight`, 1 + at / 1e5]),
    );
    return JSON.stringify({ step: step + 1, grad_norm: 1.5, ...norms });
  });
}

function writeCsv(path: string): void {
  const columns = Array.from({ length: 2000 }, (_, at) => `grad_norm/layers.${at}.weight`);
  writeLines(path, ["step", "grad_norm", ...columns].join(","), (step) =>
    [step, 1.5, ...columns.map((_, at) => 1 + at / 1e4)].join(","),
  );
}

function writeState(path: string): void {
  const log_history = Array.from({ length: 1_000_000 }, (_, step) => {
    return { epoch: step / 1e4, grad_norm: 1 + (step % 97) / 97, learning_rate: 1e-5, loss: 2.5, step };
  });
  writeFileSync(path, JSON.stringify({ global_step: 1_000_000, log_history }, null, 2));
}

function writePacked(path: string): void {
  const rows: string[] = [];
  for (let step = 0; step < 1_500_000; step += 1) {
    rows.push(JSON.stringify({ step, grad_norm: 1 + (step % 97) / 97, loss: 2.5, learning_rate: 1e-5 }));
  }
  writeFileSync(path, gzipSync(`${rows.join("\n")}\n`, { level: 1 }));
}
