import { expect, test } from "vitest";
import { follow, times } from "../../support/tensorRun.ts";
import type { TensorNormTable, TensorRunOptions } from "../../support/tensorRun.ts";

const { NaN: nan } = Number;

function sentences(tensors: TensorNormTable, options?: TensorRunOptions): string[] {
  const { findings } = follow(tensors, options);
  return findings().map(
    ({ rule, severity, start, end, message }) => `${rule} ${severity} ${start}–${end ?? ""} ${message}`,
  );
}

const noise = (step: number): number => 1 + 0.05 * Math.sin(step * 2.3);
/** The norm that has a share of the square beside three others of norm 1. */
const withShare = (share: number): number => Math.sqrt((3 * share) / (1 - share));
const OTHERS = { a: times(200, 1), b: times(200, 1), c: times(200, 1) };
const DOMINANT = "big carries 81 % of the squared global norm, so global clipping is decided by it.";

test.each<{ what: string; big: (number | undefined)[]; found: string[] }>([
  { what: "a share of 0.79", big: times(200, withShare(0.79)), found: [] },
  { what: "a share of 0.81", big: times(200, withShare(0.81)), found: [`GN302 info 49– ${DOMINANT}`] },
  { what: "a share of 0.81 at 49 points", big: times(49, withShare(0.81)), found: [] },
  {
    what: "a share of 0.81 that ends",
    big: times(200, (step) => withShare(step < 100 ? 0.81 : 0.3)),
    found: [`GN302 info 49–123 ${DOMINANT}`],
  },
])("GN302 at $what: $found", ({ big, found }) => {
  expect(sentences({ ...OTHERS, big: big.slice(0, 200) })).toEqual(found);
});

test("GN302 says nothing of a tensor that holds half of the parameters, where that is known", () => {
  const sizes = new Map([
    ["big", 300],
    ["a", 100],
    ["b", 100],
    ["c", 100],
  ]);
  const tensors = { ...OTHERS, big: times(200, withShare(0.9)) };
  const elementsOf = (tensor: string): number | undefined => sizes.get(tensor);
  const few = (tensor: string): number | undefined => (tensor === "big" ? 299 : sizes.get(tensor));
  expect([sentences(tensors, { elementsOf }).length, sentences(tensors, { elementsOf: few }).length]).toEqual([0, 1]);
});

test("GN302 needs three tensors", () => {
  expect(sentences({ a: times(200, 1), big: times(200, 9) })).toEqual([]);
});

/** A model in the order a log may give it, with NaN in some tensors at one step. */
function broken(
  bad: readonly string[],
  at = 30,
  names = ["lm_head", "h.10.w", "h.2.w", "h.1.w", "wte"],
): TensorNormTable {
  return Object.fromEntries(
    names.map((name) => [name, times(40, (step) => (bad.includes(name) && step === at ? nan : noise(step)))]),
  );
}

test.each([
  {
    bad: ["wte", "h.1.w", "h.2.w"],
    found:
      "GN304 error 30– Non-finite gradients start at h.2.w at step 30, in 3 of 5 tensors; the 2 from h.10.w on are finite.",
  },
  {
    bad: ["wte"],
    found:
      "GN304 error 30– Non-finite gradients start at wte at step 30, in 1 of 5 tensors; the 4 from h.1.w on are finite.",
  },
  {
    bad: ["h.10.w"],
    found:
      "GN304 error 30– Non-finite gradients start at h.10.w at step 30, in 1 of 5 tensors; lm_head, behind it, is finite.",
  },
  {
    bad: ["lm_head", "h.10.w", "h.2.w", "h.1.w"],
    found:
      "GN304 error 30– Non-finite gradients reach up to the last tensor, lm_head, at step 30: 4 of 5 tensors are non-finite.",
  },
  {
    bad: ["lm_head", "h.10.w", "h.2.w", "h.1.w", "wte"],
    found:
      "GN304 error 30– At step 30 all 5 logged tensors are non-finite, so their origin cannot be told: it is the loss, or clipping by a NaN norm, which spreads it.",
  },
])("GN304 with NaN in $bad", ({ bad, found }) => {
  expect(sentences(broken(bad))).toEqual([found]);
});

test("where names do not tell the place in the model the order of the log counts", () => {
  const tensors = broken(["zeta"], 30, ["zeta", "alpha", "mu"]);
  expect(sentences(tensors)).toEqual([
    "GN304 error 30– Non-finite gradients start at zeta at step 30, in 1 of 3 tensors; the 2 from alpha on are finite.",
  ]);
});

function oneOverflow(at: number, length: number): string {
  const w = times(length, (step) => (step === at ? Infinity : noise(step)));
  return sentences({ w, v: times(length, noise) })[0]?.slice(0, 20) ?? "";
}

test("the search for a loss scale at the start is worth no more than a note, and a skipped step a warning", () => {
  expect([oneOverflow(3, 10), oneOverflow(3, 4), oneOverflow(30, 40), oneOverflow(30, 60)]).toEqual([
    "GN304 info 3– Non-fi",
    "GN304 error 3– Non-f",
    "GN304 error 30– Non-",
    "GN304 warning 30–30 ",
  ]);
});

function spiking(ratio: number, options: { at?: number; length?: number; others?: number } = {}): TensorNormTable {
  const { at = 100, length = 120, others = 1 } = options;
  const burst = (step: number): boolean => step >= at && step < at + length;
  return {
    w: times(200, (step) => (burst(step) ? ratio : 1)),
    v: times(200, (step) => (burst(step) ? others : 3)),
    u: times(200, (step) => (burst(step) ? others : 3)),
  };
}

test.each<{ what: string; tensors: TensorNormTable; found: string[] }>([
  {
    what: "one point ×6",
    tensors: spiking(6, { length: 1, others: 3 }),
    found: [
      "GN305 warning 100–100 w spiked 6× at step 100 while the global norm moved 1.7×; its share of the square rose from 5 % to 67 %.",
    ],
  },
  { what: "one point ×4.9", tensors: spiking(4.9, { length: 1, others: 3 }), found: [] },
  { what: "one point ×6 while all others rise alike", tensors: spiking(6, { length: 1, others: 18 }), found: [] },
  {
    what: "one point ×6 too early to know what is usual",
    tensors: spiking(6, { at: 49, length: 1, others: 3 }),
    found: [],
  },
  {
    what: "a burst of twenty points",
    tensors: spiking(8, { length: 20, others: 3 }),
    found: [
      "GN305 warning 100–119 w spiked 8× at step 100 while the global norm moved 2.1×; its share of the square rose from 5 % to 78 %.",
    ],
  },
])("GN305 at $what: $found", ({ tensors, found }) => {
  expect(sentences(tensors)).toEqual(found);
});

test("a spike ×1000 does not hide one ×8 ten points after its end", () => {
  const tensors = {
    w: times(200, (step) => (step === 100 ? 1000 : step === 112 ? 8 : 1)),
    v: times(200, 3),
    u: times(200, 3),
  };
  expect(sentences(tensors).map((one) => one.slice(0, 24))).toEqual([
    "GN305 warning 100–100 w ",
    "GN305 warning 112–112 w ",
  ]);
});

test("tensors logged at other steps than the rest are not compared with a whole row", () => {
  const tensors = { ...spiking(6, { length: 1, others: 3 }), x: times(200, noise) };
  const rare = Object.fromEntries(
    ["v", "u"].map((name) => [name, times(200, (step) => (step % 10 === 0 ? 3 : undefined))]),
  );
  expect(sentences({ ...tensors, ...rare, w: times(200, (step) => (step === 105 ? 90 : 1)) })).toEqual([]);
});

test("a head with the embedding's very norm is the same tensor and counts once", () => {
  // Once it has 81 % of the square, twice it would have 45 % each.
  const tied = times(200, withShare(0.81));
  expect(sentences({ ...OTHERS, "wte.weight": tied, "lm_head.weight": tied }).map((one) => one.slice(0, 40))).toEqual([
    "GN302 info 49– wte.weight carries 81 % o",
  ]);
});

/** Twelve blocks of one matrix each; the gradient falls by so many powers of ten from the first to the last but one. */
function falling(decades: number, rows = 60): TensorNormTable {
  return Object.fromEntries(
    Array.from({ length: 12 }, (_, block) => [
      `h.${block}.mlp.c_fc.weight`,
      times(rows, (step) => 10 ** ((-decades * block) / 10) * noise(step)),
    ]),
  );
}

test.each([
  { decades: 1.9, rows: 60, found: [] },
  {
    decades: 2.5,
    rows: 60,
    found: ["GN303 warning 0– h.*.mlp.c_fc.weight: gradient RMS changes by 10^-2.5 from h.0 to h.10."],
  },
  {
    decades: -4.5,
    rows: 60,
    found: ["GN303 error 0– h.*.mlp.c_fc.weight: gradient RMS changes by 10^4.5 from h.0 to h.10."],
  },
  { decades: 2.5, rows: 49, found: [] },
])("GN303 where the gradient changes by $decades decades, in $rows rows: $found", ({ decades, rows, found }) => {
  const depth = (elementsOf: () => number | undefined): string[] =>
    sentences(falling(decades, rows), { elementsOf }).filter((one) => one.startsWith("GN303"));
  expect([depth(() => 64), depth(() => undefined)]).toEqual([found, []]);
});
