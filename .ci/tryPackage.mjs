/**
 * Unpacks a VSIX and computes with what is in it, on the machine that it is for: `node .ci/tryPackage.mjs FILE.vsix`. With
 * `--engine simd` by WebAssembly; else by onnxruntime, which must then load.
 */
import { spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { onPinnedNode, PINNED_NODE, SetupError } from "./setup.mjs";

const TOLERANCE = 1e-6;
const CHECKPOINT = "extension/examples/char-transformer/checkpoint-241";

await onPinnedNode(import.meta.url, async () => {
  const options = { engine: { type: "string", default: "onnxruntime" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (positionals.length !== 1) {
    throw new SetupError("Usage: node .ci/tryPackage.mjs FILE.vsix [--engine simd]");
  }
  const folder = mkdtempSync(join(tmpdir(), "gradlens-try-"));
  try {
    await unpack(positionals[0], folder);
    compute(folder, values.engine);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

async function unpack(vsix, folder) {
  const { openPromise } = await import("yauzl"); // Not there before the dependencies are.
  const zip = await openPromise(vsix, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const path = join(folder, entry.fileName);
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
  }
}

function compute(folder, wanted) {
  const [cli, file] = ["extension/dist/cli.cjs", `${CHECKPOINT}/grads.safetensors`].map((path) => join(folder, path));
  const args = [cli, "norms", file, "--json", "--engine", wanted];
  const { status, stdout, stderr } = spawnSync(PINNED_NODE, args, { encoding: "utf8" });
  if (status !== 0) {
    throw new SetupError(`Computing failed with code ${status}: ${stderr}`);
  }
  const [{ engine, globals, notes }] = JSON.parse(stdout);
  const truth = JSON.parse(readFileSync(join(folder, CHECKPOINT, "norms.json"), "utf8")).gradient.global;
  const error = Math.abs(globals.gradient.l2 - truth) / truth;
  if (engine.name !== wanted || !(error <= TOLERANCE)) {
    throw new SetupError(
      `Wanted ${truth} by ${wanted}, got ${globals.gradient.l2} by ${engine.name}. ${notes.join(" ")}`,
    );
  }
  console.log(
    `${engine.name} gives ${globals.gradient.l2}, as PyTorch did (relative difference ${error.toExponential(1)}).`,
  );
}
