import { expect, test } from "vitest";
import { detect, findIn } from "../../support/norms.ts";

const ones = (length: number): number[] => Array<number>(length).fill(1);
const { NaN: nan } = Number;

test.each([
  {
    what: "one NaN, then 19 finite points",
    values: [...ones(30), nan, ...ones(19)],
    found: ["GN101 error 30– peak 30"],
  },
  {
    what: "one NaN, then 20 finite points",
    values: [...ones(30), nan, ...ones(20)],
    found: ["GN101 warning 30–30 peak 30"],
  },
  { what: "NaN to the end", values: [...ones(30), nan, nan], found: ["GN101 error 30– peak 30"] },
  { what: "NaN from the start", values: [nan, nan], found: ["GN101 error 0– peak 0"] },
  {
    what: "NaN that comes back after 19 finite points",
    values: [...ones(30), nan, ...ones(19), nan, ...ones(20)],
    found: ["GN101 warning 30–50 peak 30"],
  },
  {
    what: "NaN that comes back after 20 finite points",
    values: [...ones(30), nan, ...ones(20), nan, ...ones(20)],
    found: ["GN101 warning 30–30 peak 30", "GN101 warning 51–51 peak 51"],
  },
  {
    what: "overflows while fp16 looks for its loss scale",
    values: [Infinity, Infinity, nan, ...ones(5)],
    found: ["GN101 info 0– peak 0"],
  },
  {
    what: "an overflow at the 20th point, finite since",
    values: [...ones(19), Infinity, 1],
    found: ["GN101 info 19– peak 19"],
  },
  {
    what: "an overflow at the 21st point, finite since",
    values: [...ones(20), Infinity, 1],
    found: ["GN101 error 20– peak 20"],
  },
  {
    what: "overflows that begin at the third point and go on past the 20th",
    values: [1, 1, ...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? Infinity : 1)), 1],
    found: ["GN101 error 2– peak 2"],
  },
])("$what: $found", ({ values, found }) => {
  expect(findIn({ values })).toEqual(found);
});

test("an episode that has ended says that it counts no longer", () => {
  const [episode] = detect({ values: [...ones(30), nan, ...ones(70)] }).episodes();
  expect(episode?.message).toContain("finite again for 20 points and more.");
});

test.each([
  {
    value: nan,
    after: 0,
    message: "Gradient norm became NaN at step 30; 1 non-finite value so far, no finite value since.",
  },
  {
    value: -Infinity,
    after: 3,
    message: "Gradient norm became Inf at step 30; 1 non-finite value so far, finite again for 3 points.",
  },
])("$value and $after finite points after it read: $message", ({ value, after, message }) => {
  expect(detect({ values: [...ones(30), value, ...ones(after)] }).episodes()).toEqual([
    { rule: "GN101", severity: "error", start: 30, peak: 30, end: null, value, limit: Infinity, message, line: 30 },
  ]);
});
