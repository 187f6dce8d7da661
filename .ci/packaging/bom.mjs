/** The software bill of materials, in CycloneDX: npm's own of all that is installed, less what is not packed. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedEnv, ROOT } from "../setup.mjs";

const ARGUMENTS = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--loglevel=error"];

/** The same text for the same packages: without the time and number that npm makes up for each. */
export function writeBom(packages, type) {
  const { serialNumber: _number, metadata, components, dependencies, ...bom } = allInstalled();
  const { timestamp: _time, ...rest } = metadata;
  const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const own = { "bom-ref": `${name}@${version}`, type, name, version, purl: `pkg:npm/${name}@${version}` };
  const licenses = metadata.component.licenses;
  const refs = packages.map((one) => `${one.name}@${one.version}`);
  const within = dependencies.filter(({ ref }) => refs.includes(ref));
  return `${JSON.stringify(
    {
      ...bom,
      metadata: { ...rest, component: { ...own, licenses } },
      components: refs.map((ref) => asPacked(ref, components)),
      dependencies: [
        { ref: own["bom-ref"], dependsOn: refs },
        ...within.map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.includes(one)) })),
      ],
    },
    null,
    2,
  )}\n`;
}

/** What is bundled is needed where it runs, though here it is a dependency of development. */
function asPacked(ref, components) {
  const component = components.find((one) => one["bom-ref"] === ref);
  if (component === undefined) {
    throw new Error(`npm's bill of materials does not know ${ref}.`);
  }
  const { properties: _development, ...packed } = component;
  return { ...packed, scope: "required" };
}

let all;

/** Asked once: it takes npm a second. */
function allInstalled() {
  if (all === undefined) {
    const shell = process.platform === "win32";
    const options = { cwd: ROOT, env: pinnedEnv(), encoding: "utf8", maxBuffer: 64 * 1024 * 1024, shell };
    const { status, stdout, stderr } = spawnSync("npm", ARGUMENTS, options);
    if (status !== 0) {
      throw new Error(`npm ${ARGUMENTS.join(" ")} failed: ${stderr}`);
    }
    all = JSON.parse(stdout);
  }
  return all;
}
