/**
 * Compiles the AssemblyScript of the rooms that have some into modules beside it. `--check` only compares, and fails when one
 * is stale. The results are committed, so that plain Node, vitest, the threads and the bundles import them as any module.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const OPTIONS = [
  "-O3",
  "--noAssert",
  "--enable=simd",
  "--runtime=stub",
  "--disableWarning", // AS112: functions that take vectors are inlined, none is exported.
];

const MODULES = [
  { output: "src/reduction/simdModule.ts", print: printSimdModule },
  { output: "src/readers/logs/shared/lineModule.ts", print: printLineModule },
  { output: "src/readers/logs/tensorBoard/eventModule.ts", print: printEventModule },
];

/** Compiles those that are stale. */
export async function writeAssembly() {
  for (const { output, text } of await stale()) {
    writeFileSync(new URL(`../${output}`, import.meta.url), text);
  }
}

async function stale() {
  const printed = await Promise.all(MODULES.map(async ({ output, print }) => ({ output, text: await print() })));
  return printed.filter(({ output, text }) => current(output) !== text);
}

// No memory of their own: such kernels read memory that script fills, in place.
const ON_FOREIGN_MEMORY = ["--importMemory", "--noExportMemory"];

async function printSimdModule() {
  const entry = "src/reduction/assembly/kernels.ts";
  const plain = await compiled(entry, ON_FOREIGN_MEMORY);
  const relaxed = await compiled(entry, [...ON_FOREIGN_MEMORY, "--enable=relaxed-simd"]);
  return `/** The WebAssembly of assembly/kernels.ts, written by .ci/writeAssembly.mjs: for every machine, and with relaxed SIMD. */
export const SIMD_MODULES = {
  plain:
    "${plain}",
  relaxed:
    "${relaxed}",
};
`;
}

async function printLineModule() {
  const module = await compiled("src/readers/logs/assembly/kernels.ts", ["--initialMemory", String(LINE_PAGES)]);
  return `/** The WebAssembly of ../assembly/kernels.ts, written by .ci/writeAssembly.mjs. */
export const LINE_MODULE =
  "${module}";
`;
}

async function printEventModule() {
  const module = await compiled("src/readers/logs/tensorBoard/assembly/events.ts", ON_FOREIGN_MEMORY);
  return `/** The WebAssembly of assembly/events.ts, written by .ci/writeAssembly.mjs. */
export const EVENT_MODULE =
  "${module}";
`;
}

// Pages of 64 KiB, as shared/lineKernel.ts divides them.
const LINE_PAGES = 16;

async function compiled(entry, options) {
  let module;
  let messages = "";
  const writeFile = (_, bytes) => (module = bytes);
  const stderr = { write: (text) => (messages += text) };
  const args = [entry, "--baseDir", ROOT, "--outFile", "simd.wasm", ...OPTIONS, ...options];
  const { error } = await compile(args, { writeFile, stderr });
  if (error !== null || module === undefined) {
    throw new Error(`${entry} does not compile.\n${messages}`, { cause: error });
  }
  return Buffer.from(module).toString("base64");
}

function current(output) {
  try {
    return readFileSync(new URL(`../${output}`, import.meta.url), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) {
    await writeAssembly();
  } else {
    for (const { output } of await stale()) {
      console.error(`${output} is stale: run \`npm run generate\`.`);
      process.exitCode = 1;
    }
  }
}
