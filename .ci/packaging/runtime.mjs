/** onnxruntime as a package has it: what runs, for one platform, without installer, types and maps. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../setup.mjs";
import { TARGETS } from "./targets.mjs";

const MODULES = join(ROOT, "node_modules");
/** Where its native files are expected; the folder is named by the version of Node-API. */
const BINARIES = "bin/napi-v6";
const KEPT_KEYS = ["name", "version", "license", "main"];

/** The packages that `copyRuntime` copies, as folders of the lockfile. */
export const RUNTIME_PACKAGES = ["node_modules/onnxruntime-common", "node_modules/onnxruntime-node"];

/** Copies the runtime of a target to where the programs in dist/ look first. */
export function copyRuntime(target, dist) {
  const binaries = TARGETS[target].map((file) => `${BINARIES}/${file}`);
  copyPackage("onnxruntime-node", [...scriptsIn("onnxruntime-node", "dist"), ...binaries], dist);
  copyPackage("onnxruntime-common", [...scriptsIn("onnxruntime-common", "dist/cjs"), "dist/cjs/package.json"], dist);
}

function scriptsIn(name, folder) {
  const files = readdirSync(join(MODULES, name, folder));
  return files.filter((file) => file.endsWith(".js")).map((file) => `${folder}/${file}`);
}

function copyPackage(name, files, dist) {
  const [from, to] = [join(MODULES, name), join(dist, "node_modules", name)];
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
  }
  const manifest = Object.entries(JSON.parse(readFileSync(join(from, "package.json"), "utf8")));
  const kept = manifest.filter(([key]) => KEPT_KEYS.includes(key));
  writeFileSync(join(to, "package.json"), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
