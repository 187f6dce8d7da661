import { readFile, writeFile, mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { build, transform } from "esbuild";
import type { Plugin } from "esbuild";
import { instrument } from "./instrument.ts";

const ROOT = join(import.meta.dirname, "../..");

/** To have a script stopped takes a thread, many times as long as an input. Who watches this thread sees what hangs. */
const REPLACED: Readonly<Record<string, string>> = {
  "src/readers/logs/custom/withinTime.ts":
    "export function isDoneWithin(_: number, work: () => void): boolean { work(); return true; }",
};

export interface BuiltTargets {
  /** A module for a worker thread. */
  readonly path: string;
  /** Counters in use. */
  readonly counters: number;
  /** By the first counter of the file they stand in. */
  readonly literals: readonly (readonly [firstCounter: number, literals: readonly (string | number)[]])[];
}

/** Bundles the loop with all that it runs; of that what lies in `src` counts its blocks. */
export async function buildTargets(folder: string): Promise<BuiltTargets> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "targets.mjs");
  const literals: [number, readonly (string | number)[]][] = [];
  let counters = 0;
  const counting: Plugin = {
    name: "counting",
    setup(plugin) {
      plugin.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: source }) => {
        const name = relative(ROOT, source).replaceAll("\\", "/");
        const { code } = await transform(REPLACED[name] ?? (await readFile(source, "utf8")), {
          loader: "ts",
          target: "node24",
        });
        if (UNCOUNTED.has(name)) {
          return { contents: code, loader: "js" };
        }
        const first = counters;
        const instrumented = instrument(code, first);
        counters = instrumented.end;
        literals.push([first, [...new Set(instrumented.literals)]]);
        const counts = JSON.stringify(join(ROOT, "test/fuzz/counters.ts"));
        return { contents: `import { counters as $count } from ${counts};${instrumented.code}`, loader: "js" };
      });
    },
  };
  await build({
    entryPoints: [join(ROOT, "test/fuzz/thread.ts")],
    outfile: path,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    external: ["onnxruntime-node"],
    banner: {
      js: 'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url);',
    },
    plugins: [counting],
    logLevel: "warning",
  });
  await writeFile(join(folder, "literals.json"), JSON.stringify(literals));
  return { path, counters, literals };
}

/** Long tables that decide nothing. */
const UNCOUNTED: ReadonlySet<string> = new Set([
  "src/reduction/simdModule.ts",
  "src/readers/logs/tensorBoard/eventModule.ts",
  "src/readers/logs/shared/lineModule.ts",
]);
