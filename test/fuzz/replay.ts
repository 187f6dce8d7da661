/** Runs one input again, as it is found in `.workbench/fuzz/found`: `node test/fuzz/replay.ts READER FILE`. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { grownMebibytes } from "./memory.ts";
import { TARGETS } from "./targets.ts";

const [name, path = ""] = process.argv.slice(2);
const target = TARGETS.find((each) => each.name === name);
if (target === undefined) {
  throw new Error(`There is no ${name}. There are ${TARGETS.map((each) => each.name).join(", ")}.`);
}
const input = readFileSync(path);
const grown = await grownMebibytes(target, input);
const start = performance.now();
const outcome = await target.run(input);
console.log(
  `${outcome}: ${(performance.now() - start).toFixed(0)} ms and ${grown.toFixed(0)} MiB for ${input.length} bytes`,
);
