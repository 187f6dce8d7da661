import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, expect, test } from "vitest";

import { normsOfFolder } from "../../../support/checkpoint.ts";

/** A Python that may have torch. */
const PYTHON = process.env["PYTHON"] ?? "/usr/bin/python3";

const folder = mkdtempSync(join(tmpdir(), "gradlens-sharded-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Written = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What torch wrote, or nothing where it is missing. Before 2.0 it has no torch.distributed.checkpoint. */
const written = letTorchWrite();

function letTorchWrite(): Written {
  if (spawnSync(PYTHON, ["-c", "import torch"]).status !== 0) {
    process.stderr.write(`no torch in ${PYTHON}\n`);
    return {};
  }
  const script = fileURLToPath(new URL("../../../support/writeSharded.py", import.meta.url));
  return JSON.parse(spawnSync(PYTHON, [script, folder], { encoding: "utf8" }).stdout) as Written;
}

test("torch wrote the checkpoints of many ranks, where it is there", () => {
  expect(["", "stage2,stage3", "stage2,stage3,distributed"]).toContain(Object.keys(written).join(","));
});

test.each(Object.keys(written).length === 0 ? ["without torch"] : Object.keys(written))(
  "%s as torch wrote it has torch's norms",
  async (name) => {
    const truth = written[name] ?? {};
    const names = name in written ? readdirSync(join(folder, name)) : [];
    const files = names.map((file) => [file, new Uint8Array(readFileSync(join(folder, name, file)))] as const);
    const norms = await normsOfFolder(Object.fromEntries(files));
    const found = norms.kind === "ok" ? norms.value : {};
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(truth).toSorted());
    const far = Object.entries(truth).filter(
      ([own, norm]) => !(Math.abs((found[own] ?? Number.NaN) - norm) <= 1e-12 * norm),
    );
    expect(far).toEqual([]);
  },
);
