/**
 * False alarms of the rules on norms in which nothing happens, and how many planted events they find: the grid of noise
 * that the thresholds were chosen on. Prints findings per 10,000 steps. `node bench/falseAlarms.ts [steps]`
 */
import process from "node:process";
import { createDetector } from "#analysis/detector.ts";
import { judge } from "#analysis/judge.ts";
import { RULE_IDS } from "#core/rules.ts";
import type { RuleId } from "#core/rules.ts";
import { createNoise, noisyNorms } from "../test/support/norms.ts";

const steps = Number(process.argv[2] ?? 200_000);
const GRID = [0.1, 0.3, 0.5].flatMap((sigma) => [0, 0.9, 0.98].map((phi) => ({ sigma, phi })));
const ALL: ReadonlySet<RuleId> = new Set(RULE_IDS);

const rows: [noise: string, counts: ReadonlyMap<RuleId, number>][] = GRID.map(({ sigma, phi }) => {
  const calm = noisyNorms(steps, { sigma, phi, seed: 7 });
  const transient = calm.map((value, step) => value * (1 + 6 * Math.exp(-step / 150)));
  return [`σ ${sigma}, φ ${phi}`, alarmsIn(transient)];
});
rows.push(["t(3)·0.15", alarmsIn(heavyTailed(steps))]);
const judged = [...new Set(rows.flatMap(([, counts]) => [...counts.keys()]))].toSorted();
console.log(`findings per 10,000 steps, ${steps} steps each; rules without a column found nothing`);
console.log(["noise".padEnd(16), ...judged].join("  "));
for (const [noise, counts] of rows) {
  const cells = judged.map((rule) => (((counts.get(rule) ?? 0) * 10_000) / steps).toFixed(2).padStart(5));
  console.log([noise.padEnd(16), ...cells].join("  "));
}

function alarmsIn(values: readonly number[]): ReadonlyMap<RuleId, number> {
  const detector = createDetector({ enabled: ALL });
  const steps = Float64Array.from(values.keys());
  judge(detector, { steps, values, lines: steps }, { from: 0, resolution: undefined });
  const counts = new Map<RuleId, number>();
  for (const { rule } of detector.episodes()) {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

function heavyTailed(length: number): number[] {
  const noise = createNoise(3);
  return Array.from({ length }, () => {
    const chiSquared = noise() ** 2 + noise() ** 2 + noise() ** 2;
    return Math.exp((0.15 * noise()) / Math.sqrt(chiSquared / 3));
  });
}
