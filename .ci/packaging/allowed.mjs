/** The files that .vscodeignore lets into a package. vsce would look at every file of the checkout for that, caches included. */
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup.mjs";

/** Paths within the checkout, with `/`. */
export function allowedFiles() {
  const lines = readFileSync(join(ROOT, ".vscodeignore"), "utf8").split("\n");
  const [everything, ...rules] = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (everything !== "**" || !rules.every((rule) => rule.startsWith("!"))) {
    throw new Error(".vscodeignore must leave out `**`, and then only allow: nothing else is packed.");
  }
  const allowed = rules.map((rule) => rule.slice(1));
  const paths = globSync(allowed, { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));
  return paths.filter((path) => statSync(join(ROOT, path)).isFile()).toSorted();
}
