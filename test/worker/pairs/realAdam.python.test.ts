import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { reviewComparison } from "#analysis/checkpoints/review.ts";
import type { ComparisonReview } from "#analysis/checkpoints/review.ts";
import { stepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import { compareCheckpoints } from "#worker/pairs/compareCheckpoints.ts";
import { computeSpectrum } from "#worker/norms/computeSpectrum.ts";
import { runPython } from "../../support/python.ts";

const folder = mkdtempSync(join(tmpdir(), "gradlens-adam-"));
afterAll(() => rmSync(folder, { recursive: true }));

type ByName = Readonly<Record<string, number>>;

interface Truth {
  /** sqrt of the average of the squared gradient norms, weighted as Adam weights them. */
  readonly norms: ByName;
  readonly relative: ByName;
  readonly updates: ByName;
  readonly spectral: ByName;
}

/** What torch saw while it trained. */
const truth = runPython("writeAdamRun.py", folder) as Truth;

const BEFORE = join(folder, "before.pt");

interface Compared {
  readonly review: ComparisonReview;
  readonly steps: unknown;
}

async function compare(after: string): Promise<Compared> {
  const paths = [BEFORE, join(folder, after)] as const;
  const comparison = await compareCheckpoints(...paths, { threads: 2 });
  const steps = stepsBetween({ given: undefined, paths, comparison });
  return { review: reviewComparison(comparison, steps?.count ?? null), steps };
}

/** Largest relative error by name; Infinity where names differ. */
function worst(found: ReadonlyMap<string, number | null | undefined>, expected: ByName): number {
  const names = Object.keys(expected);
  const errors = names.map((name) => Math.abs((found.get(name) ?? Number.NaN) / (expected[name] ?? 0) - 1));
  return names.length === found.size && errors.every(Number.isFinite) ? Math.max(...errors) : Infinity;
}

test("gradient norms, updates and changes of a real run of 300 steps are those that torch saw", async () => {
  const { review, steps } = await compare("after.pt");
  const { gradients = [] } = review.adam.after ?? {};
  const by = (of: (one: (typeof gradients)[number]) => number | null): Map<string, number | null> =>
    new Map(gradients.map((one) => [one.parameter.name, of(one)]));
  const relative = new Map(review.updates.map(({ address, relative: of }) => [address.plain, of]));
  const errors = [
    worst(
      by(({ norm }) => norm),
      truth.norms,
    ),
    worst(
      by(({ updateRatio }) => updateRatio),
      truth.updates,
    ),
    worst(relative, truth.relative),
  ];
  expect(errors[0]).toBeLessThan(1e-4); // 2 % is what is asked for.
  expect(errors[1]).toBeLessThan(1e-5);
  expect(errors[2]).toBeLessThan(1e-5); // Torch's own differences are of float64 copies.
  expect(steps).toEqual({ count: 50, from: "optimizer" });
  expect(review.findings.map(({ rule }) => rule)).not.toContain("GN301");
});

test("a run that was resumed with moments of zero is one error, not one for each tensor", async () => {
  const { findings } = (await compare("lost.pt")).review;
  const told = findings.filter(({ rule }) => rule === "GN301").map(({ severity, tensor }) => [severity, tensor]);
  expect(told).toEqual([["error", null]]);
});

test("spectral norms are torch's to 1e-3", async () => {
  for (const [name, norm] of Object.entries(truth.spectral)) {
    const found = await computeSpectrum(join(folder, "after.pt"), `model/${name}`);
    expect(Math.abs(found.norm / norm - 1)).toBeLessThan(1e-3);
  }
  expect(Object.keys(truth.spectral).length).toBeGreaterThan(10);
});
