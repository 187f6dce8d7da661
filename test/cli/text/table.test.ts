import { expect, test } from "vitest";
import { formatTable } from "#cli/text/table.ts";

test("a name that would steer the terminal is printed, not obeyed", () => {
  expect(formatTable(["tensor", "L2"], [["\u001b[2Jw\n", "5"]])).toBe("tensor  L2\n\uFFFD[2Jw\uFFFD  5\n");
});

test("one name of ten thousand characters makes no other row longer", () => {
  const long = "w".repeat(10_000);
  const rows = [
    ["bias", "5"],
    [long, "3"],
  ];
  expect(formatTable(["tensor", "L2"], rows)).toBe(`tensor  L2\nbias    5\n${long}  3\n`);
});
