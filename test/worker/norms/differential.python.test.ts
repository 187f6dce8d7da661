import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { computeNorms } from "#worker/norms/computeNorms.ts";

import { runPython } from "../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-differential-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Truth {
  readonly shape: readonly number[];
  /** Of its finite elements. */
  readonly norm: number;
  readonly nan: number;
  readonly infinite: number;
}

/** What NumPy computed in float64, by file. */
const truths = runPython("writeDifferential.py", folder) as Readonly<Record<string, Truth>>;
const byFormat = Map.groupBy(Object.entries(truths), ([file]) => file.slice(file.indexOf(".")));

test("there are more than a thousand checkpoints, of every format", () => {
  expect([Object.keys(truths).length > 1000, [...byFormat.keys()].toSorted()]).toEqual([
    true,
    [".big.npy", ".chunked.h5", ".h5", ".npy", ".npz", ".old.pt", ".pkl", ".pt", ".safetensors", ".zarr"],
  ]);
});

test.each([...byFormat])("norms of every type and layout in %s are NumPy's in float64", async (_, checkpoints) => {
  const different: unknown[] = [];
  for (const [file, truth] of checkpoints) {
    const { tensors, unmeasured } = await computeNorms(join(folder, file), { engine: "simd", threads: 1 });
    const found = tensors.map(({ shape, l2, nan, posInf, negInf }) => ({ shape, l2, nan, infinite: posInf + negInf }));
    const [first] = found;
    const isSame =
      first !== undefined && found.length === 1 && isDeepEqual(first, truth) && isNear(first.l2, normOf(truth));
    if (!isSame) {
      different.push([file, found, truth, unmeasured]);
    }
  }
  expect(different).toEqual([]);
});

function isDeepEqual(found: Omit<Truth, "norm">, truth: Truth): boolean {
  return found.nan === truth.nan && found.infinite === truth.infinite && found.shape.join() === truth.shape.join();
}

/** Not finite as soon as an element is not. */
function normOf({ nan, infinite, norm }: Truth): number {
  return nan > 0 ? Number.NaN : infinite > 0 ? Infinity : norm;
}

/** Two orders of adding differ in the last digits. */
function isNear(found: number, truth: number): boolean {
  return Object.is(found, truth) || Math.abs(found - truth) <= 1e-12 * truth;
}
