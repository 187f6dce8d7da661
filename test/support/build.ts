import { rename } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { lazyBundles } from "../../.ci/lazyBundles.mjs";
import { withoutEval } from "../../.ci/withoutEval.mjs";
import { withoutFetch } from "../../.ci/withoutFetch.mjs";

const ROOT = join(import.meta.dirname, "../..");
export const EXAMPLE = join(ROOT, "examples/char-transformer");

/** Builds a program as esbuild.config.mjs does, below node_modules so that it finds onnxruntime-node; its path. */
export async function buildProgram(name: "worker" | "cli"): Promise<string> {
  const [script] = await Promise.all([
    buildScript(name, `src/${name}/main.ts`),
    buildScript("thread", "src/worker/threads/thread.ts"),
    ...(name === "cli"
      ? [buildScript("mcp", "src/cli/mcp/serve.ts"), buildScript("worker", "src/worker/main.ts")]
      : []),
  ]);
  return script;
}

async function buildScript(name: string, entryPoint: string): Promise<string> {
  const script = join(ROOT, `node_modules/.cache/gradlens-tests/${name}.cjs`);
  const ownScript = `${script}.${process.pid}`;
  await build({
    entryPoints: [join(ROOT, entryPoint)],
    outfile: ownScript,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["onnxruntime-node"],
    mainFields: ["module", "main"],
    plugins: [lazyBundles, withoutEval, withoutFetch],
    logLevel: "error",
  });
  await rename(ownScript, script); // Test files that run side by side build it too; no one may see half of it.
  return script;
}
