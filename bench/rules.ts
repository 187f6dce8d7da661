/**
 * How long the rules take: a million points at once, and one more point with all findings read afterwards, as when a run
 * is followed. `node bench/rules.ts`
 */
import process from "node:process";
import { createDetector } from "#analysis/detector.ts";
import type { Detector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import { DEFAULT_RULES, RULE_IDS } from "#core/rules.ts";
import { noisyNorms } from "../test/support/norms.ts";

const POINTS = 1_000_000;
const ROUNDS = 5;
const FOLLOWED = 2000;

const noise = noisyNorms(POINTS, { sigma: 0.3, phi: 0.9, seed: 3 });
const calm = { values: Float64Array.from(noise), what: "noise" };
// A spike every 997 points, and a level that changes every 20,000.
const eventful = {
  values: calm.values.map((value, step) => value * (step % 997 === 0 ? 50 : 1) * (step % 40_000 < 20_000 ? 1 : 30)),
  what: "noise with 1003 spikes and 49 shifts",
};
const steps = Float64Array.from({ length: POINTS }, (_, step) => step);

for (const { values, what } of [calm, eventful]) {
  for (const [rules, enabled] of [
    ["default rules", DEFAULT_RULES],
    ["all rules", new Set(RULE_IDS)],
  ] as const) {
    const make = (): Detector => createDetector({ enabled, threshold: 1 });
    const seconds = median(Array.from({ length: ROUNDS }, () => secondsForAll(make(), values)));
    const micros = timeFollowed(make(), values);
    console.log(
      `${rules}, ${what}: ${seconds.toFixed(2)} s of processor for 1e6 points, ${micros.toFixed(1)} µs for one more`,
    );
  }
}

/** Seconds of processor time, which a busy machine changes less than those of the clock. */
function secondsForAll(detector: Detector, values: Float64Array): number {
  const start = process.cpuUsage();
  judge(detector, { steps, values, lines: steps }, { from: 0, resolution: undefined, learningRateAt: () => 1e-4 });
  detector.episodes();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The median of one point's time, at the end of 100,000. */
function timeFollowed(detector: Detector, values: Float64Array): number {
  const until = 100_000;
  const columns = (to: number) => ({
    steps: steps.subarray(0, to),
    values: values.subarray(0, to),
    lines: steps.subarray(0, to),
  });
  let from = judge(detector, columns(until - FOLLOWED), { from: 0, resolution: undefined });
  const times = Array.from({ length: FOLLOWED }, (_, index) => {
    const start = performance.now();
    from = judge(detector, columns(until - FOLLOWED + index + 1), { from, resolution: undefined });
    detector.episodes();
    return (performance.now() - start) * 1000;
  });
  return median(times);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
