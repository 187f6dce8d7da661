import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The Python with torch, numpy, h5py and numcodecs that the stage `python` found. */
export const PYTHON = process.env["GRADLENS_PYTHON"] ?? "/usr/bin/python3";

/**
 * Runs a script of this folder with a folder to write into as its first argument, and gives what it prints last as JSON.
 * Throws with what Python says where it fails. For tests called `….python.test.ts`, which run where Python has these packages.
 */
export function runPython(script: string, folder: string, args: readonly string[] = []): unknown {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(PYTHON, [path, folder, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) {
    throw new Error(`${PYTHON} ${script}: ${error?.message ?? stderr}`);
  }
  return JSON.parse(stdout.slice(stdout.trimEnd().lastIndexOf("\n") + 1));
}
