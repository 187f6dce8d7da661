import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

const ROOT = join(import.meta.dirname, "../..");

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder with all packages. */
    readonly packages: string;
    /** What packing them printed. */
    readonly packing: string;
  }
}

/** Makes the packages that the tests look at, as a release does. */
export default async function packAll(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-packages-"));
  const script = join(ROOT, ".ci/package.mjs");
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, "--all", "--out", folder]);
  project.provide("packages", folder);
  project.provide("packing", stdout + stderr);
  return () => rmSync(folder, { recursive: true, force: true });
}
