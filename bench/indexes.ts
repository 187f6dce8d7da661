/**
 * What indexing costs: 100,000 tensors in each format, and 10 GB in the main ones, each in processes of its own.
 * `node bench/indexes.ts [WORD…]` takes the rows whose name has one of the words. Makes its files in .workbench/bench and
 * leaves them there. Prints one Markdown table.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { LARGE_FILES } from "./largeFiles.ts";
import { MANY_TENSORS, writeMade } from "./manyTensors.ts";

const FOLDER = join(import.meta.dirname, "../.workbench/bench/indexes");
const TENSORS = 100_000;
const RUNS = 3;

interface Row {
  readonly what: string;
  readonly opened: string;
  readonly make: (path: string) => void;
}

interface Measured {
  readonly tensors: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const ROWS: readonly Row[] = [
  ...MANY_TENSORS.map(({ what, opened, make }) => {
    return { what: `${what}, 100,000 tensors`, opened, make: () => writeMade(FOLDER, make(TENSORS)) };
  }),
  ...LARGE_FILES.map((file) => ({ ...file, what: `${file.what}, 10 GB` })),
];

const words = process.argv.slice(2);
mkdirSync(FOLDER, { recursive: true });
console.log("| checkpoint | tensors | seconds | processor | memory |\n|---|---|---|---|---|");
for (const { what, opened, make } of ROWS) {
  if (words.length > 0 && !words.some((word) => what.includes(word))) {
    continue;
  }
  const path = join(FOLDER, opened);
  if (!existsSync(path)) {
    make(path);
  }
  const runs = Array.from({ length: RUNS }, () => indexOf(path));
  const medianOf = (key: keyof Measured): number =>
    runs.map((run) => run[key]).toSorted((a, b) => a - b)[1] ?? Number.NaN;
  const seconds = `${medianOf("seconds").toFixed(2)} s | ${medianOf("cpuSeconds").toFixed(2)} s`;
  console.log(`| ${what} | ${medianOf("tensors")} | ${seconds} | ${medianOf("peakMegabytes").toFixed(0)} MB |`);
}

function indexOf(path: string): Measured {
  const args = [join(import.meta.dirname, "indexOf.ts"), path];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
}
