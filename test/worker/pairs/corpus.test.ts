import { afterAll, expect, test } from "vitest";

import { isComplex } from "#core/dtype.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import { endThreads } from "#worker/threads/threadPool.ts";

import { corpusPath, knownCheckpoints } from "../../support/corpus.ts";

// Without the corpus, which is not ours to publish, there is nothing to compare and the test passes.
const PATHS = knownCheckpoints().map(({ path }) => path);

afterAll(endThreads);

test.each(PATHS.length > 0 ? PATHS : ["no corpus"])(
  "%s differs from itself in nothing, whatever its parts and codings, and has its own norms",
  async (path) => {
    const own = PATHS.length > 0 ? corpusPath(path) : undefined;
    const comparison = own === undefined ? undefined : await compareCheckpoints(own, own, { threads: 2 });
    const norms = own === undefined ? undefined : await computeNorms(own, { engine: "simd", threads: 1 });
    const compared = (norms?.tensors ?? []).filter(
      ({ kind, dtype }) => (kind === "weight" || kind === "gradient") && !isComplex(dtype),
    );
    const found = (comparison?.tensors ?? []).map(({ name, change }) => [name, change.changed, near(change.before)]);
    expect(found).toEqual(compared.map(({ name, l2 }) => [name, 0, near(l2)]));
    expect([comparison?.added, comparison?.missing, comparison?.reshaped]).toEqual(
      own === undefined ? [undefined, undefined, undefined] : [[], [], []],
    );
  },
);

/** Two orders of adding differ in the last digits. */
function near(norm: number): string {
  return norm.toPrecision(10);
}
