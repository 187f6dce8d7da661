/**
 * Builds packages into packages/. `--target linux-x64` (or another; may be repeated) makes the VSIX of a platform, `--cli` the
 * npm package of the command line, `--all` everything; with none of them it is the VSIX for every other platform, which has
 * no native code.
 */
import { mkdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, onPinnedNode, ROOT, SetupError } from "./setup.mjs";

await onPinnedNode(import.meta.url, async () => {
  const { targets, cli, out } = await readOptions();
  const { packVsix } = await import("./packaging/vsix.mjs");
  const { packNpm } = await import("./packaging/npmPackage.mjs");
  build();
  mkdirSync(out, { recursive: true });
  for (const target of targets) {
    await packVsix(target, out);
  }
  if (cli) {
    const path = packNpm(out);
    console.log(` DONE  Packaged: ${path} (${(statSync(path).size / 1e6).toFixed(2)} MB)`);
  }
});

/** A target that is undefined stands for every platform without one of its own. */
async function readOptions() {
  const { TARGETS } = await import("./packaging/targets.mjs");
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true, default: [] },
      cli: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      out: { type: "string", default: join(ROOT, "packages") },
    },
  });
  const unknown = values.target.find((target) => !(target in TARGETS));
  if (unknown !== undefined) {
    throw new SetupError(`There is no target ${unknown}; there are ${Object.keys(TARGETS).join(", ")}.`);
  }
  const isFallback = values.all || (values.target.length === 0 && !values.cli);
  const named = values.all ? Object.keys(TARGETS) : values.target;
  return {
    targets: isFallback ? [...named, undefined] : named,
    cli: values.cli || values.all,
    out: resolve(values.out),
  };
}
