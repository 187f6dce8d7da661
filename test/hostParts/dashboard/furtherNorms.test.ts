import { join } from "node:path";
import { expect, test } from "vitest";
import { describeFurtherNorms, furtherNorms } from "#host/dashboard/furtherNorms.ts";
import { describeOverlay } from "#host/dashboard/overlay.ts";
import type { SeriesKey } from "#core/series.ts";
import { createRun } from "#store/run.ts";
import { readRun } from "../../support/clippingPage.ts";
import { GLOBAL, batch, chunk } from "../../support/logs.ts";

test("the norm of a GAN's generator is sent as it is logged, at its own steps, NaN among them", async () => {
  const run = await readRun(join(import.meta.dirname, "../../fixtures/gan"));
  const norm = "grad_norm_g";
  const overlay = describeOverlay(run, { kind: "overlay", runId: run.id, norm, token: 0, sent: 0 });
  expect(describeFurtherNorms(run)).toEqual([{ name: norm, isApart: false }]);
  expect([overlay?.norm, overlay?.sent, overlay?.isWhole]).toEqual([norm, 200, true]);
  expect([overlay?.steps[165], overlay?.values[165]]).toEqual([330, Number.NaN]);
});

test("a name that no further norm has is of none", () => {
  const run = createRun("/run");
  run.append({ path: "/run/a.jsonl", format: "jsonl" }, batch([chunk(GLOBAL, [1], [1])]));
  const asked = { kind: "overlay", runId: "/run", token: 0, sent: 0 } as const;
  expect(["grad_norm", "critic"].map((norm) => describeOverlay(run, { ...asked, norm }))).toEqual([
    undefined,
    undefined,
  ]);
});

test("norms over another axis, of another process and of a log that disagrees stand apart, each by a name of its own", () => {
  const run = createRun("/run");
  const keys: readonly SeriesKey[] = [
    GLOBAL,
    { ...GLOBAL, name: "grad_norm (rank 1)" },
    { ...GLOBAL, name: "grad_norm/epoch", axis: "epochs" },
    { ...GLOBAL, name: "critic/grad_norm" },
  ];
  run.append({ path: "/run/a.jsonl", format: "jsonl" }, batch(keys.map((key, at) => chunk(key, [1, 2], [at + 1, 1]))));
  run.append({ path: "/run/b.csv", format: "csv" }, batch([chunk(GLOBAL, [1, 2], [7, 8])]));
  expect(describeFurtherNorms(run)).toEqual([
    { name: "grad_norm (b.csv)", isApart: true },
    { name: "grad_norm (rank 1)", isApart: true },
    { name: "grad_norm/epoch", axis: "epochs", isApart: true },
    { name: "critic/grad_norm", isApart: false },
  ]);
  expect(furtherNorms(run).get("grad_norm (b.csv)")?.path).toBe("/run/b.csv");
});
