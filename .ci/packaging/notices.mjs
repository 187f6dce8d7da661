/** ThirdPartyNotices.txt: the licences of all that a package contains, in their own words. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup.mjs";

const RULE = "-".repeat(80);
/** Its packages leave their licence out; this is the repository's, with those of the libraries it is built from. */
const OF_ONNXRUNTIME = join(ROOT, ".ci/packaging/licenses/onnxruntime");
const INTRODUCTION =
  "Gradlens contains code of the projects below. Each is under its own licence, which follows its name.";

export function writeNotices(packages, hasRuntime) {
  const notices = packages.map((one) => `${one.name} ${one.version} (${one.license})\n\n${licenceOf(one)}`);
  if (hasRuntime) {
    notices.push(`Libraries within onnxruntime\n\n${readText(join(OF_ONNXRUNTIME, "ThirdPartyNotices.txt"))}`);
  }
  return `${[INTRODUCTION, ...notices].join(`\n\n${RULE}\n\n`)}\n`;
}

function licenceOf({ folder, name }) {
  if (name.startsWith("onnxruntime-")) {
    return readText(join(OF_ONNXRUNTIME, "LICENSE"));
  }
  const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined) {
    throw new Error(`${folder} has no file with its licence.`);
  }
  return readText(join(ROOT, folder, file));
}

function readText(path) {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n").trim();
}
