import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { normsIn } from "../../../support/measure.ts";
import { runPython } from "../../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-h5py-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Norms by the name of a dataset, by format version. */
const written = runPython("writeHdf5.py", folder) as Readonly<Record<string, Readonly<Record<string, number>>>>;

test.each(Object.entries(written))("a file of h5py's %s format version has h5py's norms", async (version, wanted) => {
  const found = await normsIn(readFileSync(join(folder, `${version}.h5`)), `${version}.h5`);
  expect(Object.keys(wanted).length).toBeGreaterThan(300);
  expect(Object.keys(wanted).filter((name) => !isClose(found[name], wanted[name]))).toEqual([]);
});

function isClose(found = Number.NaN, wanted = Number.NaN): boolean {
  return Math.abs(found - wanted) <= 1e-9 * wanted;
}
