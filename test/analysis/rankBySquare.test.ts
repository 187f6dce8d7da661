import { expect, test } from "vitest";
import { rankBySquare } from "#analysis/rankBySquare.ts";
import { findingsOf } from "#analysis/findings.ts";

const { NaN: nan } = Number;

test.each<{ what: string; norms: [string, number][]; ranked: [string, number | null][] }>([
  { what: "no tensors", norms: [], ranked: [] },
  {
    what: "3 and 4",
    norms: [
      ["a", 3],
      ["b", 4],
    ],
    ranked: [
      ["b", 0.64],
      ["a", 0.36],
    ],
  },
  {
    what: "equal norms",
    norms: [
      ["b", 1],
      ["a", 1],
    ],
    ranked: [
      ["a", 0.5],
      ["b", 0.5],
    ],
  },
  {
    what: "only zeros",
    norms: [
      ["b", 0],
      ["a", 0],
    ],
    ranked: [
      ["a", null],
      ["b", null],
    ],
  },
  {
    what: "a NaN among norms",
    norms: [
      ["a", 5],
      ["z", nan],
      ["b", 6],
    ],
    ranked: [
      ["z", null],
      ["b", null],
      ["a", null],
    ],
  },
])("shares of $what", ({ norms, ranked }) => {
  expect(rankBySquare(new Map(norms)).map(({ tensor, share }) => [tensor, share])).toEqual(ranked);
});

test("a finding names the tensors of its peak and the line that people count from one", () => {
  const episode = {
    rule: "GN201",
    severity: "warning",
    start: 1,
    peak: 2,
    end: null,
    value: 9,
    limit: 2,
    message: "It jumped.",
    line: 6,
  } as const;
  expect(
    findingsOf([episode], {
      pathAt: () => "/run/log.jsonl",
      describeTensors: (step, line) => `Tensors at ${step}, ${line}.`,
    }),
  ).toEqual([
    {
      rule: "GN201",
      severity: "warning",
      tensor: null,
      start: 1,
      peak: 2,
      end: null,
      value: 9,
      limit: 2,
      message: "It jumped. Tensors at 2, 6.",
      source: { path: "/run/log.jsonl", line: 7 },
    },
  ]);
});
