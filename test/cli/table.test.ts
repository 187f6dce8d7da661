import { expect, test } from "vitest";
import { formatTable } from "#cli/table.ts";

test("a name that would steer the terminal is printed, not obeyed", () => {
  expect(formatTable(["tensor", "L2"], [["\u001b[2Jw\n", "5"]])).toBe("tensor  L2\n\uFFFD[2Jw\uFFFD  5\n");
});
