/** Builds dist/. `--tests` adds the suite that runs inside the extension host; `--watch` rebuilds on change. */
import { build, context } from "esbuild";
import { lazyBundles } from "./.ci/lazyBundles.mjs";
import { withoutEval } from "./.ci/withoutEval.mjs";
import { writeSimdModule } from "./.ci/writeSimdModule.mjs";

const common = { bundle: true, sourcemap: true, minify: true, legalComments: "none", logLevel: "warning" };

const node = {
  ...common,
  platform: "node",
  target: "node22",
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  outdir: "dist",
  external: ["vscode", "onnxruntime-node", "mocha"],
  logOverride: { "empty-import-meta": "silent" }, // worker/threads.ts relies on it.
  mainFields: ["module", "main"], // jsonc-parser's main hides its own imports from bundlers.
  plugins: [lazyBundles, withoutEval],
};

const programs = {
  extension: "src/host/extension.ts",
  worker: "src/worker/main.ts",
  thread: "src/worker/thread.ts", // Started by worker and cli, from beside them.
  cli: "src/cli/main.ts",
  mcp: "src/cli/mcp/serve.ts", // Loaded by cli for `gradlens mcp` alone.
  source: "src/source/service.ts", // Loaded by the extension with the first source that it is asked about.
};
const hostSuite = { "test/host": "test/host/index.ts" };

const webviews = {
  ...common,
  platform: "browser",
  target: "es2023",
  format: "iife",
  entryPoints: { dashboard: "media/dashboard/main.ts", checkpoint: "media/checkpoint/main.ts" },
  outdir: "dist/media",
};

const tests = process.argv.includes("--tests");
const builds = [{ ...node, entryPoints: tests ? { ...programs, ...hostSuite } : programs }, webviews];

await writeSimdModule(); // Before it is bundled.

if (process.argv.includes("--watch")) {
  for (const options of builds) {
    await (await context({ ...options, logLevel: "info" })).watch();
  }
} else {
  await Promise.all(builds.map((options) => build(options)));
}
