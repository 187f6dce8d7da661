import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ENGINE_HERE, HERE, type Target, vsixPath } from "./packages.ts";

const SCRIPT = join(import.meta.dirname, "../../.ci/tryPackage.mjs");

const SAID = /^(onnxruntime|simd) gives 10\.57689\d+, as PyTorch did/;

test("unpacked on its platform a package computes by itself what PyTorch did, with onnxruntime", async () => {
  const said = await tryPackage(HERE, ENGINE_HERE);
  expect(said).toMatch(SAID);
  expect(said).toContain(ENGINE_HERE);
});

test("the package of all other platforms does so with simd, and is not taken for one that has onnxruntime", async () => {
  await expect(tryPackage("others", "simd")).resolves.toMatch(SAID);
  await expect(tryPackage("others", "onnxruntime")).rejects.toThrow(/Wanted .* by onnxruntime, got .*does not run/);
});

async function tryPackage(target: Target, engine: string): Promise<string> {
  const args = [SCRIPT, vsixPath(target), "--engine", engine];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}
