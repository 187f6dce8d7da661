import { expect, test } from "vitest";
import type { RuleId } from "#core/rules.ts";
import { detect, findIn, noisyNorms } from "../../support/norms.ts";

const SHIFTS = { enabled: new Set<RuleId>(["GN203", "GN205"]) };
const steady = (length: number, value: number): number[] => Array<number>(length).fill(value);

test.each([
  { what: "×1.9", after: 1.9, points: 300, found: [] },
  { what: "×2.1 for 51 points", after: 2.1, points: 51, found: [] },
  { what: "×2.1 for 52 points", after: 2.1, points: 52, found: ["GN203 warning 300– peak 312"] },
  { what: "×2.1 for 300 points", after: 2.1, points: 300, found: ["GN203 warning 300–423 peak 312"] },
  { what: "×11", after: 11, points: 60, found: ["GN203 error 300– peak 312"] },
  { what: "to a 9th", after: 1 / 9, points: 300, found: [] },
  { what: "to a 30th", after: 1 / 30, points: 60, found: ["GN205 warning 300– peak 312"] },
])("a level that changes $what gives $found", ({ after, points, found }) => {
  expect(findIn({ values: [...steady(300, 1), ...steady(points, after)] }, SHIFTS)).toEqual(found);
});

test("a rise tells the new level, what it had to pass, and when it began", () => {
  expect(detect({ values: [...steady(300, 1), ...steady(60, 4)] }, SHIFTS).episodes()).toEqual([
    {
      rule: "GN203",
      severity: "warning",
      start: 300,
      peak: 312,
      end: null,
      value: 4,
      limit: 2,
      message: "Gradient norm has settled 4× higher since step 300.",
      line: 312,
    },
  ]);
});

test("a fall is told as a part of the level before", () => {
  const [fall] = detect({ values: [...steady(300, 1), ...steady(60, 0.02)] }, SHIFTS).episodes();
  expect(fall?.message).toBe("Gradient norm fell to 1/50 of its level at step 300.");
});

test("in noise of a factor of two a rise ×4 is within four spreads", () => {
  const values = noisyNorms(600, { sigma: 0.7 }).map((value, step) => value * (step < 300 ? 1 : 4));
  expect(findIn({ values }, SHIFTS)).toEqual([]);
});

test.each([
  { jump: 1.9, change: "" },
  { jump: 3, change: " The learning rate went from 0.001 to 0.003 at step 300." },
])("after a learning rate ×$jump the rise is told with: '$change'", ({ jump, change }) => {
  const values = [...steady(300, 1), ...steady(100, 4)];
  const learningRate = (step: number): number => (step < 300 ? 0.001 : 0.001 * jump);
  // The ramp of the learning rate counts as warm-up for 20 points.
  const messages = detect({ values, learningRate }, SHIFTS).episodes();
  expect(messages.map(({ message }) => message)).toEqual([
    `Gradient norm has settled 4× higher since step 300.${change}`,
  ]);
});

test("for 50 points after a jump of the learning rate nothing is judged", () => {
  const values = [...steady(300, 1), ...steady(100, 4)];
  const found = (points: number): number =>
    detect({ values: values.slice(0, 300 + points), learningRate: (step) => (step < 300 ? 1 : 0.2) }, SHIFTS).episodes()
      .length;
  expect([found(52), found(89), found(90)]).toEqual([0, 0, 1]);
});

test("a spike before the rise stays a finding of its own", () => {
  const values = noisyNorms(600).map((value, step) => value * (step === 250 ? 30 : 1) * (step < 300 ? 1 : 4));
  expect(findIn({ values }).map((line) => line.slice(0, 17))).toEqual(["GN201 error 250–2", "GN203 warning 300"]);
});

test("with the rule for rises off, what it would absorb stays a spike", () => {
  const values = noisyNorms(600).map((value, step) => value * (step < 300 ? 1 : 4));
  expect(findIn({ values }, { enabled: new Set(["GN201"]) })[0]).toMatch(/^GN201 warning 300/);
});
