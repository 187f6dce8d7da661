/** The command line as an npm package. It needs nothing but Node; where onnxruntime-node is installed beside it, it can use that. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pinnedEnv, ROOT, WORKBENCH_CACHE } from "../setup.mjs";
import { describeContents } from "./contents.mjs";
import { repository } from "./repository.mjs";

const PROGRAMS = ["dist/cli.cjs", "dist/mcp.cjs", "dist/worker.cjs", "dist/thread.cjs"];
const TEXTS = ["README.md", "CHANGELOG.md", "LICENSE", "docs/rules.md", "docs/gradlens.config.schema.json"];
const DESCRIPTION =
  "Gradient norms of training runs and checkpoints: which tensor vanishes, explodes or turns NaN, and since which step.";

/** Packs dist/ as it was built and gives the file's path. */
export function packNpm(folder) {
  const stage = join(WORKBENCH_CACHE, "staging", "npm");
  rmSync(stage, { recursive: true, force: true });
  for (const file of [...PROGRAMS, ...TEXTS]) {
    mkdirSync(dirname(join(stage, file)), { recursive: true });
    cpSync(join(ROOT, file), join(stage, file));
  }
  const { name, version } = writeManifest(stage);
  describeContents(stage, { files: PROGRAMS, hasRuntime: false, type: "application" });
  const args = ["pack", "--ignore-scripts", "--silent", `--pack-destination=${folder}`];
  const shell = process.platform === "win32";
  const { status, stderr } = spawnSync("npm", args, { cwd: stage, env: pinnedEnv(), encoding: "utf8", shell });
  if (status !== 0) {
    throw new Error(`npm ${args.join(" ")} failed: ${stderr}`);
  }
  rmSync(stage, { recursive: true });
  return join(folder, `${name}-${version}.tgz`);
}

function writeManifest(stage) {
  const { name, version, keywords, license, bin, dependencies } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  );
  const manifest = {
    name,
    version,
    description: DESCRIPTION,
    keywords,
    license,
    ...repository(),
    bin,
    files: ["dist", "docs", "CHANGELOG.md", "ThirdPartyNotices.txt", "sbom.cdx.json"],
    engines: { node: ">=22" },
    // A third of a gigabyte that would download CUDA as well: nobody gets it without asking.
    peerDependencies: dependencies,
    peerDependenciesMeta: { "onnxruntime-node": { optional: true } },
  };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
