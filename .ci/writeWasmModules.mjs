/**
 * Compiles the AssemblyScript of folders named `assembly` into modules of the project. `--check` only compares, and fails
 * when one is stale. They are committed, so that plain Node, vitest, the threads and the bundles import them as any module.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const ROOT = new URL("..", import.meta.url);

const MODULES = [
  { path: "src/reduction/simdModule.ts", text: simdModule },
  { path: "src/readers/logs/tensorBoard/eventModule.ts", text: eventModule },
];

// No runtime and no memory of its own: kernels read memory that script fills, in place.
const OPTIONS = [
  "-O3",
  "--noAssert",
  "--enable=simd",
  "--runtime=stub",
  "--importMemory",
  "--noExportMemory",
  "--disableWarning", // AS112: functions that take vectors are inlined, none is exported.
];

export async function writeWasmModules() {
  for (const { path, text } of MODULES) {
    const written = await text();
    if (written !== current(path)) {
      writeFileSync(new URL(path, ROOT), written);
    }
  }
}

async function simdModule() {
  const entry = "src/reduction/assembly/kernels.ts";
  const plain = await compiled(entry);
  const relaxed = await compiled(entry, "--enable=relaxed-simd");
  return `/** The WebAssembly of assembly/kernels.ts, written by .ci/writeWasmModules.mjs: for every machine, and with relaxed SIMD. */
export const SIMD_MODULES = {
  plain:
    "${plain}",
  relaxed:
    "${relaxed}",
};
`;
}

async function eventModule() {
  const module = await compiled("src/readers/logs/tensorBoard/assembly/events.ts");
  return `/** The WebAssembly of assembly/events.ts, written by .ci/writeWasmModules.mjs. */
export const EVENT_MODULE =
  "${module}";
`;
}

async function compiled(entry, ...features) {
  let module;
  let messages = "";
  const writeFile = (_, bytes) => (module = bytes);
  const stderr = { write: (text) => (messages += text) };
  const args = [entry, "--baseDir", fileURLToPath(ROOT), "--outFile", "module.wasm", ...OPTIONS, ...features];
  const { error } = await compile(args, { writeFile, stderr });
  if (error !== null || module === undefined) {
    throw new Error(`${entry} does not compile.\n${messages}`, { cause: error });
  }
  return Buffer.from(module).toString("base64");
}

function current(path) {
  try {
    return readFileSync(new URL(path, ROOT), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) {
    await writeWasmModules();
  } else {
    for (const { path, text } of MODULES) {
      if ((await text()) !== current(path)) {
        console.error(`${path} is stale: run \`npm run generate\`.`);
        process.exitCode = 1;
      }
    }
  }
}
