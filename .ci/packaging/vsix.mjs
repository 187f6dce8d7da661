/** A VSIX: the files that .vscodeignore allows, onnxruntime for one platform or for none, and what they are to be told of. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import vsce from "@vscode/vsce";
import { ROOT, WORKBENCH_CACHE } from "../setup.mjs";
import { allowedFiles } from "./allowed.mjs";
import { describeContents } from "./contents.mjs";
import { repository } from "./repository.mjs";
import { copyRuntime } from "./runtime.mjs";

/** What only development needs of the manifest; `bin` is the npm package's. */
const LEFT_OUT = new Set(["private", "bin", "imports", "scripts", "dependencies", "devDependencies", "allowScripts"]);

/** Packs dist/ as it was built and gives the file's path. Without a target: for every platform, without native code. */
export async function packVsix(target, folder) {
  const stage = join(WORKBENCH_CACHE, "staging", target ?? "fallback");
  rmSync(stage, { recursive: true, force: true });
  const files = allowedFiles();
  for (const file of files) {
    mkdirSync(dirname(join(stage, file)), { recursive: true });
    cpSync(join(ROOT, file), join(stage, file));
  }
  const manifest = writeManifest(stage);
  describeContents(stage, { files, hasRuntime: target !== undefined, type: "application" });
  if (target !== undefined) {
    copyRuntime(target, join(stage, "dist"));
  }
  const name = [manifest.name, target, manifest.version].filter((part) => part !== undefined).join("-");
  const packagePath = join(folder, `${name}.vsix`);
  await vsce.createVSIX({
    cwd: stage,
    target,
    packagePath,
    dependencies: false,
    allowMissingRepository: manifest.repository === undefined,
    rewriteRelativeLinks: manifest.repository !== undefined,
  });
  rmSync(stage, { recursive: true });
  return packagePath;
}

function writeManifest(stage) {
  const all = { ...JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")), ...repository() };
  const entries = Object.entries(all).filter(([key]) => !LEFT_OUT.has(key));
  const manifest = { ...Object.fromEntries(entries), files: ["**"] };
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
