/**
 * Compiles src/reduction/assembly into src/reduction/simdModule.ts. `--check` only compares, and fails when it is stale.
 * The result is committed, so that plain Node, vitest, the threads and the bundles all import it as they import any module.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUTPUT = new URL("../src/reduction/simdModule.ts", import.meta.url);

// No runtime and no memory of its own: kernels read the engine's staging memory in place.
const OPTIONS = [
  "-O3",
  "--noAssert",
  "--enable=simd",
  "--runtime=stub",
  "--importMemory",
  "--noExportMemory",
  "--disableWarning", // AS112: functions that take vectors are inlined, none is exported.
];

export async function writeSimdModule() {
  const text = await compiled();
  if (text !== current()) {
    writeFileSync(OUTPUT, text);
  }
}

async function compiled() {
  const plain = await compiledWith([]);
  const relaxed = await compiledWith(["--enable=relaxed-simd"]);
  return `/** The WebAssembly of assembly/kernels.ts, written by .ci/writeSimdModule.mjs: for every machine, and with relaxed SIMD. */
export const SIMD_MODULES = {
  plain:
    "${plain}",
  relaxed:
    "${relaxed}",
};
`;
}

async function compiledWith(features) {
  let module;
  let messages = "";
  const writeFile = (_, bytes) => (module = bytes);
  const stderr = { write: (text) => (messages += text) };
  const entry = "src/reduction/assembly/kernels.ts";
  const args = [entry, "--baseDir", ROOT, "--outFile", "simd.wasm", ...OPTIONS, ...features];
  const { error } = await compile(args, { writeFile, stderr });
  if (error !== null || module === undefined) {
    throw new Error(`The SIMD kernels do not compile.\n${messages}`, { cause: error });
  }
  return Buffer.from(module).toString("base64");
}

function current() {
  try {
    return readFileSync(OUTPUT, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes("--check")) {
    await writeSimdModule();
  } else if ((await compiled()) !== current()) {
    console.error("src/reduction/simdModule.ts is stale: run `npm run generate`.");
    process.exitCode = 1;
  }
}
