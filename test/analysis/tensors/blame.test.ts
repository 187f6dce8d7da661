import { expect, test } from "vitest";
import { blame, describeBlame } from "#analysis/tensors/blame.ts";
import { createBlameTeller } from "#analysis/tensors/tellBlame.ts";

const { NaN: nan } = Number;
type Norms = Readonly<Record<string, number>>;

function row(norms: Norms): ReadonlyMap<string, number> {
  return new Map(Object.entries(norms));
}

// Squares 1, 4, 4, 91: shares are per cents.
const NOW = { a: 1, b: 2, c: 2, d: Math.sqrt(91) };

test.each<{ what: string; norms: Norms; before: Norms[]; sentence: string }>([
  { what: "no tensors", norms: {}, before: [], sentence: "" },
  { what: "only zeros", norms: { a: 0 }, before: [], sentence: "" },
  { what: "nothing before", norms: { a: 3, b: 4 }, before: [], sentence: "b carries 64 % of its square, then a 36 %." },
  { what: "small shares, which are not named", norms: NOW, before: [], sentence: "d carries 91 % of its square." },
  {
    what: "the same shares before",
    norms: { a: 3, b: 4 },
    before: [{ a: 6, b: 8 }],
    sentence: "b carries 64 % of its square, then a 36 %.",
  },
  {
    what: "the largest share risen",
    norms: { a: 3, b: 4 },
    before: [{ a: 4, b: 3 }],
    sentence: "b carries 64 % of its square, 36 % before, then a 36 %.",
  },
  {
    what: "another tensor's share risen",
    norms: { a: 3, b: 4 },
    before: [{ a: 1, b: 10 }],
    sentence: "b carries 64 % of its square, 99 % before, then a 36 %. a rose most, from 1 % to 36 %.",
  },
  {
    what: "one odd row before, which the median passes over",
    norms: { a: 3, b: 4 },
    before: [
      { a: 3, b: 4 },
      { a: 9, b: 1 },
      { a: 3, b: 4 },
    ],
    sentence: "b carries 64 % of its square, then a 36 %.",
  },
  {
    what: "rows before that are not finite or zero, which have no shares",
    norms: { a: 3, b: 4 },
    before: [
      { a: nan, b: 4 },
      { a: 0, b: 0 },
      { a: 4, b: 3 },
    ],
    sentence: "b carries 64 % of its square, 36 % before, then a 36 %.",
  },
  {
    what: "a tensor that was not measured before",
    norms: { a: 3, b: 4 },
    before: [{ a: 3 }],
    sentence: "b carries 64 % of its square, then a 36 %.",
  },
  { what: "one NaN", norms: { a: 3, b: nan }, before: [], sentence: "Non-finite in b of 2 tensors." },
  {
    what: "two that are not finite",
    norms: { "h.1.w": Infinity, "h.0.w": nan, "h.2.w": 1 },
    before: [],
    sentence: "Non-finite in 2 of 3 tensors, nearest to the output h.1.w.",
  },
  { what: "only NaN", norms: { a: nan, b: nan }, before: [], sentence: "Non-finite in all 2 tensors." },
])("norms with $what are explained as: $sentence", ({ norms, before, sentence }) => {
  expect(describeBlame(row(norms), before.map(row))).toBe(sentence);
});

/** Of the squares of 1 to 7. */
function share(norm: number): number {
  return norm ** 2 / 140;
}

test("at most five are ranked, by share and by what it rose", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const norms = new Map(names.map((name, index) => [name, index + 1]));
  const before = new Map(names.map((name, index) => [name, 7 - index]));
  const { largest, rising } = blame(norms, [before]);
  expect([largest.map(({ tensor }) => tensor), rising]).toEqual([
    ["g", "f", "e", "d", "c"],
    [
      { tensor: "g", norm: 7, share: share(7), shareBefore: share(1) },
      { tensor: "f", norm: 6, share: share(6), shareBefore: share(2) },
      { tensor: "e", norm: 5, share: share(5), shareBefore: share(3) },
    ],
  ]);
});

test("a sample's tensors are asked for until their norms must be there, and then remembered", () => {
  const steps = Array.from({ length: 40 }, (_, index) => index);
  const asked: number[] = [];
  let known = 31;
  const tell = createBlameTeller({
    steps: () => steps.slice(0, known),
    tensorNormsAt(step) {
      asked.push(step);
      return row(step === 30 && known === 31 ? {} : { a: 3, b: 4 });
    },
  });
  const texts = [tell(30, 30)];
  known = 40;
  texts.push(tell(30, 30), tell(10, 10));
  const before = asked.length;
  texts.push(tell(10, 10));
  expect([texts, asked.slice(1, 22), asked.length - before]).toEqual([
    ["", ...Array<string>(3).fill("b carries 64 % of its square, then a 36 %.")],
    [30, ...Array.from({ length: 20 }, (_, index) => 29 - index)],
    0,
  ]);
});
