/**
 * Builds dist/. `--tests` adds the suite that runs inside the extension host; `--watch` rebuilds on change. A build says in
 * dist/bundled.json which packages' code is in which file.
 */
import { writeFileSync } from "node:fs";
import { build, context } from "esbuild";
import { lazyBundles } from "./.ci/lazyBundles.mjs";
import { withoutEval } from "./.ci/withoutEval.mjs";
import { withoutFetch } from "./.ci/withoutFetch.mjs";
import { writeAssembly } from "./.ci/writeAssembly.mjs";

const common = {
  bundle: true,
  sourcemap: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
};

const node = {
  ...common,
  platform: "node",
  target: "node22",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  outdir: "dist",
  external: ["vscode", "onnxruntime-node", "mocha"],
  logOverride: { "empty-import-meta": "silent" }, // worker/threads/threads.ts relies on it.
  mainFields: ["module", "main"], // jsonc-parser's main hides its own imports from bundlers.
  plugins: [lazyBundles, withoutEval, withoutFetch],
};

const programs = {
  extension: "src/host/extension.ts",
  worker: "src/worker/main.ts",
  thread: "src/worker/threads/thread.ts", // Started by worker and cli, from beside them.
  cli: "src/cli/main.ts",
  mcp: "src/cli/mcp/serve.ts", // Loaded by cli for `gradlens mcp` alone.
  answers: "src/answers/service.ts", // Loaded by the extension with the first question of an agent.
  cluster: "src/host/cluster/service.ts", // Loaded by the extension for the first job that somebody submits.
  logging: "src/host/logging/service.ts", // Loaded by the extension for the first logging that somebody inserts.
  language: "src/host/language/languageService.ts", // Loaded by the extension with the first run that is followed.
  panels: "src/host/panels.ts", // Loaded by the extension with the first dashboard, checkpoint or report.
  source: "src/source/service.ts", // Loaded by the extension with the first source that it is asked about.
};
const hostSuite = { "test/host": "test/host/index.ts" };

const webviews = {
  ...common,
  plugins: [withoutFetch],
  platform: "browser",
  target: "es2023",
  format: "iife",
  entryPoints: { dashboard: "media/dashboard/main.ts", checkpoint: "media/checkpoint/main.ts" },
  outdir: "dist/media",
};

const tests = process.argv.includes("--tests");
const builds = [{ ...node, entryPoints: tests ? { ...programs, ...hostSuite } : programs }, webviews];

await writeAssembly(); // Before it is bundled.

if (process.argv.includes("--watch")) {
  for (const options of builds) {
    await (await context({ ...options, logLevel: "info" })).watch();
  }
} else {
  const results = await Promise.all(builds.map((options) => build(options)));
  const outputs = results.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const bundled = outputs.map(([file, { inputs }]) => [file, packagesOf(inputs)]);
  writeFileSync("dist/bundled.json", `${JSON.stringify(Object.fromEntries(bundled), null, 2)}\n`);
}

/** The folders of packages that have a byte in an output: `node_modules/valibot`. */
function packagesOf(inputs) {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = used.map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return Array.from(new Set(folders.filter((folder) => folder !== undefined))).toSorted();
}
