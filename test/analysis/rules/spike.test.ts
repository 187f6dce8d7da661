import { expect, test } from "vitest";
import { detect, findIn } from "../../support/norms.ts";

// A steady series has the smallest spread there is: ln‖g‖ must rise by 5 · 0.05, and by a factor of 2.
const STEADY = Array<number>(100).fill(1);

test.each([
  { value: 1.99, found: [] },
  { value: 2, found: ["GN201 info 100– peak 100"] },
  { value: 3.99, found: ["GN201 info 100– peak 100"] },
  { value: 4, found: ["GN201 warning 100– peak 100"] },
  { value: 19.9, found: ["GN201 warning 100– peak 100"] },
  { value: 20, found: ["GN201 error 100– peak 100"] },
  { value: 0.001, found: [] },
])("after a steady 1 a norm of $value gives $found", ({ value, found }) => {
  expect(findIn({ values: [...STEADY, value] })).toEqual(found);
});

test("in a series that varies by factors of two a norm of 16 times the median is nothing", () => {
  const values = Array.from({ length: 200 }, (_, step) => 2 ** ((step % 5) - 2));
  expect(findIn({ values: [...values, 16] })).toEqual([]);
});

test.each([
  { after: 9, found: ["GN201 warning 100– peak 100"] },
  { after: 10, found: ["GN201 warning 100–100 peak 100"] },
])("after $after calm points an episode reads $found", ({ after, found }) => {
  expect(findIn({ values: [...STEADY, 5, ...STEADY.slice(0, after)] })).toEqual(found);
});

test.each([
  { gap: 9, found: ["GN201 warning 100– peak 110"] },
  { gap: 10, found: ["GN201 warning 100–100 peak 100", "GN201 warning 111– peak 111"] },
])("two spikes with $gap calm points between them give $found", ({ gap, found }) => {
  expect(findIn({ values: [...STEADY, 5, ...STEADY.slice(0, gap), 6] })).toEqual(found);
});

test("points that are still raised keep an episode open, though they would not have opened it", () => {
  expect(findIn({ values: [...STEADY, 5, ...Array<number>(30).fill(1.5), ...STEADY.slice(0, 10)] })).toEqual([
    "GN201 warning 100–130 peak 100",
  ]);
});

test.each([
  { spike: 2.5, calm: 49, severity: "error" },
  { spike: 2.5, calm: 50, severity: "info" },
])("a spike with $calm points between it and NaN is an $severity", ({ spike, calm, severity }) => {
  const [first] = detect({ values: [...STEADY, spike, ...STEADY.slice(0, calm), Number.NaN] }).episodes();
  expect(first?.severity).toBe(severity);
});

test("NaN and zeros inside an episode are no calm points", () => {
  expect(
    findIn({ values: [...STEADY, 5, ...Array<number>(2).fill(0), ...Array<number>(15).fill(Number.NaN)] }),
  ).toEqual(["GN201 error 100– peak 100", "GN101 error 103– peak 103"]);
});

test("an episode tells the peak, the median before it and the line to look at", () => {
  expect(detect({ values: [...STEADY, 3, 10.5768, 4] }).episodes()).toEqual([
    {
      rule: "GN201",
      severity: "warning",
      start: 100,
      peak: 101,
      end: null,
      value: 10.5768,
      limit: 2,
      message: "Gradient norm jumped to 10.58 at step 101, 10.58× the recent median 1 (robust z 47.17).",
      line: 101,
      index: 100,
    },
  ]);
});

test.each([
  { what: "50 points, then ×5", values: [...STEADY.slice(0, 50), 5], found: ["GN201 warning 50– peak 50"] },
  { what: "49 points, then ×5", values: [...STEADY.slice(0, 49), 5], found: [] },
  { what: "49 points, then ×100", values: [...STEADY.slice(0, 49), 100], found: ["GN201 error 49– peak 49"] },
  { what: "10 points, then ×100", values: [...STEADY.slice(0, 10), 100], found: ["GN201 error 10– peak 10"] },
  { what: "9 points, then ×100", values: [...STEADY.slice(0, 9), 100], found: [] },
  { what: "nothing before ×100", values: [100], found: [] },
])("warm-up: $what gives $found", ({ values, found }) => {
  expect(findIn({ values })).toEqual(found);
});

test("49 zeros and two points are too few to judge by", () => {
  const found = findIn({ values: [...Array<number>(49).fill(0), 1, 1.1, 5] });
  expect(found).toEqual(["GN206 error 0– peak 0"]);
});

const RAMP = 200;
const ramp = (step: number): number => Math.min(step, RAMP) / RAMP;

test.each([
  { rate: "rises until step 200", learningRate: ramp, found: [] },
  { rate: "is 0 for two steps and rises then", learningRate: (step: number) => ramp(Math.max(0, step - 1)), found: [] },
  { rate: "rises and is printed in few digits", learningRate: (step: number) => Math.ceil(ramp(step) * 20), found: [] },
  {
    rate: "rises and is logged at every tenth step",
    learningRate: (step: number) => (step % 10 === 3 ? ramp(step) : undefined),
    found: [],
  },
  { rate: "is missing", learningRate: () => undefined, found: ["GN201 warning 150– peak 150"] },
  { rate: "is constant", learningRate: () => 0.1, found: ["GN201 warning 150– peak 150"] },
  {
    rate: "falls from the start",
    learningRate: (step: number) => 1 / (1 + step),
    found: ["GN201 warning 150– peak 150"],
  },
  {
    rate: "is logged at the first step alone",
    learningRate: (step: number) => (step === 0 ? 0.1 : undefined),
    found: ["GN201 warning 150– peak 150"],
  },
  {
    rate: "peaked at step 140",
    learningRate: (step: number) => 1 - Math.abs(step - 140) / 140,
    found: ["GN201 warning 150– peak 150"],
  },
])("a learning rate that $rate gives $found for ×5 at step 150", ({ learningRate, found }) => {
  expect(findIn({ values: [...STEADY, ...STEADY.slice(0, 50), 5], learningRate })).toEqual(found);
});

test("during a learning-rate ramp a jump ×100 is still an error", () => {
  expect(findIn({ values: [...STEADY, 100], learningRate: (step) => step })).toEqual(["GN201 error 100– peak 100"]);
});

test("spikes that come ten in 1000 points are one finding, in which the largest stands for all; errors stay alone", () => {
  const values = [
    ...Array<number>(100).fill(1),
    ...Array.from({ length: 1200 }, (_, step) => (step % 90 === 45 ? 5 : 1)),
  ];
  values[685] = 9;
  values[865] = 30;
  const [gathered, ...others] = detect({ values }).episodes();
  expect([gathered, others.map(({ severity, start }) => [severity, start])]).toEqual([
    {
      rule: "GN201",
      severity: "warning",
      start: 145,
      peak: 685,
      end: 1225,
      value: 9,
      limit: 2,
      message:
        "12 gradient spikes in 1081 points: norms of this run jump often. The largest: Gradient norm jumped to 9 at step 685, 9× the recent median 1 (robust z 43.94).",
      line: 685,
      index: 685,
    },
    [["error", 865]],
  ]);
});

test("nine spikes in 1000 points are nine findings", () => {
  const values = [
    ...Array<number>(100).fill(1),
    ...Array.from({ length: 900 }, (_, step) => (step % 100 === 50 ? 5 : 1)),
  ];
  expect(detect({ values }).episodes()).toHaveLength(9);
});

test("where the log has one point for ten steps, the message says so", () => {
  const steps = Array.from({ length: 101 }, (_, index) => index * 10);
  const messageOf = (countsSteps: boolean): string | undefined =>
    detect({ steps, values: [...STEADY, 5] }, { enabled: new Set(["GN201"]), countsSteps }).episodes()[0]?.message;
  expect([messageOf(true), messageOf(false)]).toEqual([
    "Gradient norm jumped to 5 at step 1000, 5× the recent median 1 (robust z 32.19). The log has one point for 10 steps.",
    "Gradient norm jumped to 5 at step 1000, 5× the recent median 1 (robust z 32.19).",
  ]);
});
