/**
 * Changes inputs of every reader and of both wires, guided by what code they enter: `npm run fuzz -- [--seconds N]
 * [--executions N] [--reader NAME]… [--fresh]`, where a name may be a group: checkpoints, logs, wires. With `--executions` a
 * reader is left once it was tried so often in all. Inputs that are kept and counts of executions stay in `.workbench/fuzz` for the next time; what
 * broke a promise is in `found`, made small. Prints a Markdown table; exits with 1 when a promise was broken.
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { buildTargets } from "./buildTargets.ts";
import { openNotebook } from "./notebook.ts";
import { runInThread } from "./runInThread.ts";
import { TARGETS } from "./targets.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    reader: { type: "string", multiple: true },
    executions: { type: "string", default: "Infinity" },
    seed: { type: "string" },
    folder: { type: "string", default: join(import.meta.dirname, "../../.workbench/fuzz") },
    fresh: { type: "boolean", default: false },
  },
});
const asked = new Set(values.reader);
const all = TARGETS.map(({ name }) => name);
const names = asked.size === 0 ? all : all.filter((name) => asked.has(name) || asked.has(name.split("/")[0] ?? name));
if (names.length === 0) {
  throw new Error(`There is none of ${[...asked].join(", ")}. There are ${all.join(", ")}.`);
}
const notebook = openNotebook(values.folder, { isFresh: values.fresh });
const built = await buildTargets(values.folder);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
console.log(`${built.counters} blocks are counted; seed ${seed}`);
console.log("| reader | executions | per second | in all | inputs kept | blocks | outcomes | found |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |");
let found = 0;
for (const name of names) {
  const maxExecutions = Number(values.executions) - notebook.count(name, 0);
  if (maxExecutions <= 0) {
    continue;
  }
  const { explored, findings } = await runInThread({
    built,
    maxExecutions,
    target: name,
    seconds: Number(values.seconds),
    seed,
    corpus: notebook.corpus(name),
    onKept: (input) => notebook.keep(name, input),
    onBroken: (finding) => notebook.note(name, finding),
  });
  const { executions, kept, blocks, outcomes } = explored;
  const ends = Object.entries(outcomes).toSorted(([, a], [, b]) => b - a);
  const cells = [
    name,
    executions,
    (executions / Math.max(1e-3, explored.seconds)).toFixed(0),
    notebook.count(name, executions),
    kept,
    blocks,
    ends.map(([end, times]) => `${end} ${times}`).join(", "),
    findings,
  ];
  console.log(`| ${cells.join(" | ")} |`);
  found += findings;
}
process.exitCode = found > 0 ? 1 : 0;
