import { expect, test } from "vitest";
import type { RuleId } from "#core/rules.ts";
import { detect, findIn, noisyNorms } from "../../support/norms.ts";

const RATE = { enabled: new Set<RuleId>(["GN202"]) };

function spikesAt(places: readonly number[], length = 3200): number[] {
  return noisyNorms(length).map((value, step) => (places.includes(step) ? value * 8 : value));
}

const evenly = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + 90 * index);

test.each([
  { what: "5 spikes after none", places: evenly(2200, 5), found: ["GN202 warning 2560–3205 peak 2560"] },
  { what: "4 spikes after none", places: evenly(2200, 4), found: [] },
  { what: "5 spikes after 1", places: [1300, ...evenly(2200, 5)], found: [] },
  { what: "7 spikes after 1", places: [1300, ...evenly(2200, 7)], found: ["GN202 warning 2740–3210 peak 2740"] },
  { what: "5 spikes before none", places: evenly(300, 5), found: [] },
])("$what: $found", ({ places, found }) => {
  const seen = findIn({ values: spikesAt(places, 3400) }, RATE);
  expect(seen.map((line) => line.replace(/–\d*/, ""))).toEqual(found.map((line) => line.replace(/–\d*/, "")));
});

test("the finding counts both windows", () => {
  const [episode] = detect({ values: spikesAt(evenly(2200, 5), 2600) }, RATE).episodes();
  expect(episode).toEqual({
    rule: "GN202",
    severity: "warning",
    start: 2560,
    peak: 2560,
    end: null,
    value: 5,
    limit: 5,
    message: "Gradient spikes are becoming more frequent: 5 in the last 1000 points up to step 2560 against 0 before.",
    line: 2560,
  });
});
