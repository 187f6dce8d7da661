import { beforeAll, expect, test } from "vitest";
import { toClipping } from "#protocol/dashboard/clipping.ts";
import { parseMessage } from "#protocol/parse.ts";
import { forWebview } from "#protocol/webviewWire.ts";
import { adviseRun } from "#analysis/clipping/adviseRun.ts";
import { describeAdvice, scalePlan } from "#host/dashboard/clipAdvice.ts";
import type { Run } from "#store/run.ts";
import { EXAMPLE } from "../../support/build.ts";
import { readRun } from "../../support/clippingPage.ts";

const CHOICE = { last: null, withWarmUp: false };
let run: Run;
beforeAll(async () => {
  run = await readRun(EXAMPLE);
});

test("the page gets the candidates of `gradlens clip`, and the norms that they were measured on", () => {
  const advice = describeAdvice(run, CHOICE);
  const known = adviseRun(run, { given: [], last: undefined, withWarmUp: false });
  expect(advice.candidates).toEqual(known.candidates);
  expect([advice.norms.length, advice.steps[0]]).toEqual([known.steps, 51]);
  expect(parseMessage(toClipping, forWebview(advice))).toEqual(advice);
});

test("all norms count when all are asked for", () => {
  expect(describeAdvice(run, { last: 1_000_000_000, withWarmUp: true }).norms.length).toBe(400);
  expect(describeAdvice(run, { last: 100, withWarmUp: false }).norms.length).toBe(100);
});

test("tighter limits per tensor turn the gradient more and leave less of it", () => {
  const [plan] = describeAdvice(run, CHOICE).tensors?.plans ?? [];
  const tight = scalePlan(run, { ...CHOICE, method: "quantile", factor: 0.5 });
  const same = scalePlan(run, { ...CHOICE, method: "quantile", factor: 1 });
  expect(same).toEqual(plan);
  expect(tight?.limits).toEqual(plan?.limits.map((limit) => limit / 2));
  expect(tight?.cosine).toBeLessThan(plan?.cosine ?? 0);
  expect(tight?.retainedLength).toBeLessThan(plan?.retainedLength ?? 0);
  expect(scalePlan(run, { ...CHOICE, method: "unheard of", factor: 1 })).toBeUndefined();
});
