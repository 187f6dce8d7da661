import { expect, test } from "vitest";
import { describeCulprits, rankBySquare } from "#analysis/blame.ts";
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

test.each<{ norms: [string, number][]; sentence: string }>([
  { norms: [], sentence: "" },
  {
    norms: [
      ["a", 3],
      ["b", 4],
    ],
    sentence: "b carries 64 % of its square.",
  },
  { norms: [["a", 0]], sentence: "" },
  {
    norms: [
      ["a", 3],
      ["b", nan],
    ],
    sentence: "Non-finite in b of 2 tensors.",
  },
  {
    norms: [
      ["b", Infinity],
      ["a", nan],
      ["c", 1],
    ],
    sentence: "Non-finite in a and 1 more of 3 tensors.",
  },
])("norms of $norms are explained as: $sentence", ({ norms, sentence }) => {
  expect(describeCulprits(new Map(norms))).toBe(sentence);
});

function normsAtStep2(step: number): Map<string, number> {
  return new Map(step === 2 ? [["w", 9]] : []);
}

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
  expect(findingsOf([episode], { pathAt: () => "/run/log.jsonl", tensorNormsAt: normsAtStep2 })).toEqual([
    {
      rule: "GN201",
      severity: "warning",
      tensor: null,
      start: 1,
      peak: 2,
      end: null,
      value: 9,
      limit: 2,
      message: "It jumped. w carries 100 % of its square.",
      source: { path: "/run/log.jsonl", line: 7 },
    },
  ]);
});
