import { join } from "node:path";
import { expect, test } from "vitest";
import { describeLastNorms } from "#host/runs/lastNorms.ts";
import { createRun } from "#store/run.ts";
import { EXAMPLE } from "../../support/build.ts";
import { readRun } from "../../support/clippingPage.ts";
import { GLOBAL, batch, chunk } from "../../support/logs.ts";

test("the last norms of a GAN are told by their names, one norm without", async () => {
  const [gan, one] = await Promise.all([readRun(join(import.meta.dirname, "../../fixtures/gan")), readRun(EXAMPLE)]);
  expect([describeLastNorms(gan), describeLastNorms(one), describeLastNorms(createRun("/none"))]).toEqual([
    ["grad_norm_d: Global gradient norm 0.1853 at step 399", "grad_norm_g: Global gradient norm 0.1179 at step 398"],
    [expect.stringMatching(/^Global gradient norm [\d.]+ at step 400$/)],
    ["Global gradient norm not measured at step –"],
  ]);
});

test("the norms of other processes need no name", () => {
  const run = createRun("/run");
  const keys = [GLOBAL, { ...GLOBAL, name: "grad_norm (rank 1)" }];
  run.append({ path: "/run/a.log", format: "megatron" }, batch(keys.map((key, at) => chunk(key, [1], [at + 1]))));
  expect(describeLastNorms(run)).toEqual(["Global gradient norm 1 at step 1"]);
});
