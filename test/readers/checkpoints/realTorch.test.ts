import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test } from "vitest";

import { normsOf } from "../../support/checkpoint.ts";

/** A Python that may have torch. */
const PYTHON = process.env["PYTHON"] ?? "/usr/bin/python3";

const folder = mkdtempSync(join(tmpdir(), "gradlens-torch-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Written {
  readonly version: string;
  readonly norms: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What torch wrote, or nothing where it is missing. */
const written = letTorchWrite();

function letTorchWrite(): Written | undefined {
  const hasTorch = spawnSync(PYTHON, ["-c", "import torch"]).status === 0;
  if (!hasTorch) {
    process.stderr.write(`no torch in ${PYTHON}\n`);
    return undefined;
  }
  const script = fileURLToPath(new URL("../../support/writeTorch.py", import.meta.url));
  const { stdout } = spawnSync(PYTHON, [script, folder], { encoding: "utf8" });
  return JSON.parse(stdout) as Written;
}

test("torch wrote both forms of every type, where it is there", () => {
  expect(written === undefined || Object.keys(written.norms).length >= 24).toBe(true);
});

test.each(Object.entries(written?.norms ?? { "without torch": {} }))(
  "%s as torch wrote it has torch's norms",
  async (file, truth) => {
    const norms =
      written === undefined ? undefined : await normsOf(new Uint8Array(readFileSync(join(folder, file))), file);
    const found = norms?.kind === "ok" ? norms.value : {};
    expect(Object.keys(found)).toEqual(Object.keys(truth));
    const far = Object.entries(truth).filter(
      ([name, norm]) => !(Math.abs((found[name] ?? Number.NaN) - norm) <= 1e-12 * norm),
    );
    expect(far).toEqual([]);
  },
);
