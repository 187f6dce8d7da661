import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { npmPath, readVsix, TARGETS, type Target, vsixPath } from "./packages.ts";

const MAX_BYTES = 25e6;
const MAX_FILES = 150;
const ROOT = join(import.meta.dirname, "../..");
/** Native programs: what is in them is not ours to read. */
const NATIVE = /\.(node|dll|dylib|so\.1)$/;

test("packing says no word of warning", () => {
  expect(inject("packing")).not.toMatch(/WARN|ERR|deprecat/i);
});

test.each(TARGETS)("the package for %s has these files and no others, in at most 25 MB", async (target) => {
  const files = Array.from((await readVsix(target)).keys()).toSorted();
  expect(statSync(vsixPath(target)).size).toBeLessThanOrEqual(MAX_BYTES);
  expect(files.length).toBeLessThanOrEqual(MAX_FILES);
  await expect(`${files.join("\n")}\n`).toMatchFileSnapshot(`__snapshots__/${target}.txt`);
});

test.each([
  ["linux-x64", ["linux/x64"]],
  ["linux-arm64", ["linux/arm64"]],
  ["darwin-arm64", ["darwin/arm64"]],
  ["win32-x64", ["win32/x64"]],
  ["win32-arm64", ["win32/arm64"]],
  ["others", []],
] satisfies [Target, string[]][])("the native code for %s is of %j", async (target, platforms) => {
  const files = Array.from((await readVsix(target)).keys());
  const native = files.filter((file) => NATIVE.test(file)).map((file) => file.split("/").slice(-3, -1).join("/"));
  expect(Array.from(new Set(native))).toEqual(platforms);
});

test.each(TARGETS)("no file in the package for %s tells where it was built", async (target) => {
  const texts = Array.from(await readVsix(target)).filter(([file]) => !NATIVE.test(file));
  const telling = await Promise.all(texts.map(async ([file, read]) => ((await read()).includes(ROOT) ? [file] : [])));
  expect(telling.flat()).toEqual([]);
});

test("every file that the manifest names is in the package", async () => {
  const files = await readVsix("others");
  const packed = JSON.parse(String(await files.get("package.json")?.())) as Readonly<Record<string, unknown>>;
  const named = pathsIn(packed);
  expect(named).toContain("dist/extension.cjs");
  expect(named.filter((path) => !files.has(path))).toEqual([]);
  expect(Object.keys(packed)).not.toContain("devDependencies");
  expect(packed["version"]).toBe(manifest.version);
});

test.each(["linux-x64", "others"] as const)(
  "what %s contains is in its bill of materials and its notices",
  async (target) => {
    const files = await readVsix(target);
    const bom = JSON.parse(String(await files.get("sbom.cdx.json")?.())) as Bom;
    const notices = String(await files.get("ThirdPartyNotices.txt")?.());
    const names = bom.components.map(({ name, version }) => `${name} ${version}`);
    const lines = notices.split("\n");
    expect(names.filter((name) => !lines.some((line) => line.startsWith(`${name} (`)))).toEqual([]);
    expect(bom.components.flatMap(({ licenses }) => licenses)).toHaveLength(names.length);
    expect(names.some((name) => name.startsWith("onnxruntime-node "))).toBe(target !== "others");
    expect(notices.includes("Libraries within onnxruntime")).toBe(target !== "others");
    expect(names.map((name) => name.split(" ")[0])).toEqual(
      expect.arrayContaining(["@lezer/python", "valibot", "uplot"]),
    );
    const refs = [bom.metadata.component["bom-ref"], ...bom.components.map((component) => component["bom-ref"])];
    expect(bom.dependencies.map(({ ref }) => ref).toSorted()).toEqual(refs.toSorted());
  },
);

test("the command line's package has less than a megabyte", () => {
  expect(statSync(npmPath()).size).toBeLessThan(1e6);
});

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string }[];
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly unknown[];
}

/** Strings of a manifest that are paths within the extension. */
function pathsIn(value: unknown): string[] {
  if (typeof value === "string") {
    const path = value.replace(/^\.\//, "");
    return /^(dist|media|snippets|skills|docs)\/[\w./-]+\.\w+$/.test(path) ? [path] : [];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}
