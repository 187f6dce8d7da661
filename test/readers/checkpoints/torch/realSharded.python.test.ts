import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { normsOfFolder } from "../../../support/checkpoint.ts";
import { runPython } from "../../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-sharded-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Norms by the name of a tensor, by the name of a checkpoint. torch has torch.distributed.checkpoint from 2.0 on. */
const written = runPython("writeSharded.py", folder) as Readonly<Record<string, Readonly<Record<string, number>>>>;

test.each(Object.entries(written))("%s as torch wrote it has torch's norms", async (name, truth) => {
  const names = readdirSync(join(folder, name));
  const files = names.map((file) => [file, new Uint8Array(readFileSync(join(folder, name, file)))] as const);
  const norms = await normsOfFolder(Object.fromEntries(files));
  const found = norms.kind === "ok" ? norms.value : {};
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(truth).toSorted());
  const far = Object.entries(truth).filter(
    ([own, norm]) => !(Math.abs((found[own] ?? Number.NaN) - norm) <= 1e-12 * norm),
  );
  expect(far).toEqual([]);
});
