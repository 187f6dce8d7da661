import { join } from "node:path";
import { expect, test } from "vitest";
import { clipSitesIn } from "#source/clipping/clipSites.ts";
import type { ClipSite } from "#source/clipping/clipSite.ts";
import { parseDocument } from "#source/document.ts";
import { describeClip, describeLimits, describeShare, describeUnclipped } from "#host/language/clipText.ts";
import { createClippingBook } from "#host/language/runClipping.ts";
import type { RunClipping } from "#host/language/runClipping.ts";
import { createRunStore } from "#store/runStore.ts";
import { readRun } from "../../support/clippingPage.ts";
import { GLOBAL, batch, chunk } from "../../support/logs.ts";

const LOG = { path: "/run/metrics.jsonl", format: "jsonl" } as const;

/** What a run of these norms says, beside the threshold that it was trained with. */
function clippingOf(norms: readonly number[], threshold?: number): RunClipping | undefined {
  const store = createRunStore();
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  const steps = norms.map((_, index) => index + 1);
  const clipThreshold = threshold === undefined ? null : { value: threshold, source: "max_norm (line 1)" };
  store.append("/run", LOG, { ...batch([chunk(GLOBAL, steps, norms)]), clipThreshold });
  return createClippingBook().of(run);
}

function siteOf(text: string): ClipSite {
  const [site] = clipSitesIn(parseDocument("python", text));
  if (site === undefined) {
    throw new Error(`${text} clips nothing.`);
  }
  return site;
}

const norm = (threshold: string): ClipSite =>
  siteOf(`torch.nn.utils.clip_grad_norm_(model.parameters(), ${threshold})\n`);
const VALUE = siteOf("torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)\n");

/** Between 1 and 2, but for one in ten, which is 10 and more. */
const SPIKY = Array.from({ length: 400 }, (_, index) =>
  index % 10 === 9 ? 10 + (index % 37) / 10 : 1 + (index % 97) / 97,
);
const FEW = SPIKY.slice(0, 80); // Of them 50 are the warm-up.
const CLIPPED = SPIKY.map((each) => Math.min(each, 1.5));

test.each([
  {
    what: "a threshold that one in ten exceeds",
    site: norm("5.0"),
    norms: SPIKY,
    says: /^median 1\.\d+ · p99 1[23]\.\d+ · would clip 10 %$/,
  },
  { what: "a threshold above all", site: norm("50.0"), norms: SPIKY, says: /would clip none$/ },
  { what: "a threshold that is switched off", site: norm("0.0"), norms: SPIKY, says: /^median \S+ · p99 1[23]\.\d+$/ },
  { what: "a threshold for elements", site: VALUE, norms: SPIKY, says: /^median \S+ · p99 1[23]\.\d+$/ },
  { what: "a run logged after clipping", site: norm("5.0"), norms: CLIPPED, says: / · logged after clipping$/ },
  { what: "a run of a few steps", site: norm("5.0"), norms: FEW, says: /^median \S+ · p99 1[23]\.\d+$/ },
])("above $what stands $says", ({ site, norms, says }) => {
  const clipping = clippingOf(norms);
  expect(clipping && describeClip(site, clipping)).toMatch(says);
});

test("of logs from after clipping, and of too few norms, no share is told", () => {
  const shares = [CLIPPED, FEW, SPIKY].map((norms) => clippingOf(norms)?.clippedShare(5));
  expect(shares).toEqual([undefined, undefined, 0.1]);
  const hints = [CLIPPED, SPIKY].map((norms) => {
    const clipping = clippingOf(norms);
    return clipping && describeShare(norm("5.0"), clipping);
  });
  expect(hints).toEqual([undefined, "clips 10 %"]);
});

test("above a step stands whether anything clips, and why there is no more to say", () => {
  const [few, many] = [clippingOf(FEW), clippingOf(SPIKY, 5)];
  expect(many && describeUnclipped(many)).toMatch(/· not clipped here$/);
  expect([few && describeLimits(few), many && describeLimits(many)]).toEqual([
    expect.stringMatching(/^Too few logged norms count: \d+.*advice needs 50/),
    expect.stringMatching(/this is the norm before clipping/),
  ]);
});

test("a run without a global norm says nothing, and one of only NaN has no median", () => {
  const store = createRunStore();
  const run = store.setFiles({ folder: "/run", logs: [], checkpoints: [], modifiedMs: 0 });
  expect(createClippingBook().of(run)).toBe(undefined);
  const clipping = clippingOf([Number.NaN, Number.NaN]);
  expect(clipping && describeClip(norm("1.0"), clipping)).toBe(undefined);
});

test("of a run with several norms the lens says which one it is about", async () => {
  const run = await readRun(join(import.meta.dirname, "../../fixtures/gan"));
  const clipping = createClippingBook().of(run);
  expect(clipping && describeClip(norm("0.3"), clipping)).toMatch(
    /^grad_norm_d · median 0\.\d+ · p99 [\d.]+ · would clip \d+/,
  );
});
