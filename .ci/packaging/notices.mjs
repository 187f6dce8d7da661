/** ThirdPartyNotices.txt: the licences of all that a package contains, in their own words. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../setup.mjs";

const RULE = "-".repeat(80);
/** For packages that leave their licence out: their repository's, and those of the libraries that onnxruntime is built from. */
const LICENCES = join(ROOT, ".ci/packaging/licenses");
const OF_LIBRARIES = join(LICENCES, "onnxruntime-node/ThirdPartyNotices.txt");
const INTRODUCTION =
  "Gradlens contains code of the projects below. Each is under its own licence, which follows its name.";

export function writeNotices(packages, hasRuntime) {
  const notices = packages.map((one) => `${one.name} ${one.version} (${one.license})\n\n${licenceOf(one)}`);
  if (hasRuntime) {
    notices.push(`Libraries within onnxruntime\n\n${readText(OF_LIBRARIES)}`);
  }
  return `${[INTRODUCTION, ...notices].join(`\n\n${RULE}\n\n`)}\n`;
}

function licenceOf({ folder, name }) {
  const places = [join(ROOT, folder), join(LICENCES, name)].filter((place) => existsSync(place));
  const files = places.flatMap((place) => readdirSync(place).map((file) => join(place, file)));
  const file = files.find((path) => /^licen[cs]e(\.(md|txt))?$/i.test(basename(path)));
  if (file === undefined) {
    throw new Error(`${folder} has no file with its licence: put its repository's into ${join(LICENCES, name)}.`);
  }
  return readText(file);
}

function readText(path) {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n").trim();
}
