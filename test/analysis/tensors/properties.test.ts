import { expect, test } from "vitest";
import { followTensors } from "#analysis/tensors/follow.ts";
import { whatCounts } from "#analysis/tensors/whatCounts.ts";
import type { Finding } from "#core/finding.ts";
import { createRandom } from "../../support/random.ts";
import type { Random } from "../../support/random.ts";
import { currentIndexes, randomSamples } from "../../support/samples.ts";
import { ALL_RULES, growingSeries } from "../../support/tensorRun.ts";

const NAMES = [
  "wte.weight",
  "h.0.w",
  "h.0.bias",
  "h.1.experts.0.w",
  "h.1.experts.1.w",
  "h.1.experts.2.w",
  "lm_head.weight",
];

interface Cell {
  readonly tensor: string;
  readonly step: number;
  readonly norm: number;
}

/** A training with deaths, spikes, a dominant tensor, NaN, missing samples and restarts, in the order of a log. */
function eventfulLog(random: Random, restarts: boolean): Cell[] {
  const cells: Cell[] = [];
  let step = 0;
  const fate = new Map(NAMES.map((name) => [name, 1]));
  for (let row = 0; row < 400; row += 1) {
    step = restarts && random.below(120) === 0 ? random.below(step + 1) : step + 1;
    const isBroken = random.below(90) === 0;
    for (const tensor of NAMES) {
      if (random.below(60) === 0) {
        fate.set(tensor, random.pick([0, 0, 1, 1, 3, 40]));
      }
      const burst = random.below(150) === 0 ? 30 : 1;
      const norm = (fate.get(tensor) ?? 1) * burst * (1 + random.below(1000) / 2000);
      if (random.below(40) > 0) {
        cells.push({ tensor, step, norm: isBroken && random.below(2) === 0 ? Number.NaN : norm });
      }
    }
  }
  return cells;
}

/** The findings when the log arrives in pieces that end before the given cells. */
function findInPieces(cells: readonly Cell[], ends: readonly number[], options = ALL_RULES): readonly Finding[] {
  const follower = followTensors(options);
  const tensors = new Map<string, ReturnType<typeof growingSeries>>();
  let from = 0;
  for (const end of [...ends, cells.length]) {
    for (const { tensor, step, norm } of cells.slice(from, end)) {
      const series = tensors.get(tensor) ?? growingSeries();
      tensors.set(tensor, series);
      series.add(step, norm);
    }
    from = end;
    follower.update(tensors);
    follower.findings(); // Looking changes nothing.
  }
  return follower.findings();
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed);

test.each(SEEDS)("a log in pieces, cut anywhere in a step, has the findings of the whole (seed %d)", (seed) => {
  const random = createRandom(seed);
  const cells = eventfulLog(random, seed % 2 === 0);
  const whole = findInPieces(cells, []);
  for (let turn = 0; turn < 4; turn += 1) {
    const most = random.pick([20, 200, 2000]);
    const ends: number[] = [];
    for (let end = random.below(most); end < cells.length; end += 1 + random.below(most)) {
      ends.push(end);
    }
    expect(findInPieces(cells, ends)).toEqual(whole);
  }
});

test("the eventful logs have findings of every rule", () => {
  const rules = SEEDS.flatMap((seed) => findInPieces(eventfulLog(createRandom(seed), seed % 2 === 0), []));
  expect(new Set(rules.map(({ rule }) => rule))).toEqual(new Set(["GN301", "GN302", "GN304", "GN305"]));
});

test.each(SEEDS.slice(0, 4))(
  "tensors that come one after the other, each whole, give the same findings (seed %d)",
  (seed) => {
    const cells = eventfulLog(createRandom(seed), seed % 2 === 0);
    const byTensor = NAMES.flatMap((name) => cells.filter(({ tensor }) => tensor === name));
    const ends = NAMES.map((name) => byTensor.findLastIndex(({ tensor }) => tensor === name) + 1);
    expect(findInPieces(byTensor, ends)).toEqual(findInPieces(byTensor, []));
  },
);

const DECISIONS = ({ rule, severity, tensor, start, peak, end }: Finding): unknown[] => [
  rule,
  severity,
  tensor,
  start,
  peak,
  end,
];

test.each([2 ** -40, 2 ** 20])("norms in another unit, ×%d, give the same decisions", (unit) => {
  const cells = eventfulLog(createRandom(3), false);
  const scaled = cells.map((cell) => ({ ...cell, norm: cell.norm * unit }));
  expect(findInPieces(scaled, []).map(DECISIONS)).toEqual(findInPieces(cells, []).map(DECISIONS));
});

function decisionsButOrigin(cells: readonly Cell[]): unknown[] {
  const findings = findInPieces(cells, []);
  return findings.filter(({ rule }) => rule !== "GN304").map(DECISIONS);
}

test.each(SEEDS.slice(0, 4))("steps of NaN between the others change no other finding (seed %d)", (seed) => {
  const cells = eventfulLog(createRandom(seed), false);
  const withNaN = cells.flatMap((cell, index) => {
    const isLast = cells[index + 1]?.step !== cell.step;
    const broken = NAMES.map((tensor) => ({ tensor, step: cell.step + 0.5, norm: Number.NaN }));
    return isLast && cell.step % 37 === 0 ? [cell, ...broken] : [cell];
  });
  expect(decisionsButOrigin(withNaN)).toEqual(decisionsButOrigin(cells));
});

test.each(SEEDS)("what counts is what no later restart replaced (seed %d)", (seed) => {
  const samples = randomSamples(createRandom(seed), 300, 30);
  const lines = samples.steps.map((_, index) => index);
  expect(Array.from(whatCounts({ ...samples, lines }).lines)).toEqual(currentIndexes(samples));
});

test("a trend over depth that comes and goes is found in pieces as in the whole", () => {
  const cells = Array.from({ length: 400 }, (_, step) => {
    const decades = step < 100 || step > 270 ? 0 : 3;
    return Array.from({ length: 10 }, (__, block) => ({
      tensor: `h.${block}.w`,
      step,
      norm: 10 ** ((decades * block) / 8),
    }));
  }).flat();
  const knowing = { ...ALL_RULES, elementsOf: () => 16 };
  const whole = findInPieces(cells, [], knowing);
  const ends = Array.from({ length: 30 }, (_, index) => 131 * index);
  const trends = whole.filter(({ rule }) => rule === "GN303").map(DECISIONS);
  expect([findInPieces(cells, ends, knowing), trends]).toEqual([whole, [["GN303", "warning", null, 100, 149, 249]]]);
});
