/** What is in a package: which other packages' code, and what they are to be told of. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup.mjs";
import { writeBom } from "./bom.mjs";
import { writeNotices } from "./notices.mjs";
import { RUNTIME_PACKAGES } from "./runtime.mjs";

/** Writes ThirdPartyNotices.txt and sbom.cdx.json for the files of dist/ that a staging folder has. */
export function describeContents(stage, { files, hasRuntime, type }) {
  const bundled = JSON.parse(readFileSync(join(ROOT, "dist/bundled.json"), "utf8"));
  const folders = files.flatMap((file) => bundled[file] ?? []).concat(hasRuntime ? RUNTIME_PACKAGES : []);
  const packages = Array.from(new Set(folders))
    .toSorted((one, other) => one.localeCompare(other, "en"))
    .map(readPackage);
  writeFileSync(join(stage, "ThirdPartyNotices.txt"), writeNotices(packages, hasRuntime));
  writeFileSync(join(stage, "sbom.cdx.json"), writeBom(packages, type));
}

function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return { folder, name, version, license };
}
