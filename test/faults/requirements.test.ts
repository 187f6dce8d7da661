import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** Of the table of requirements: which test of which file holds each. */
function named(): { readonly file: string; readonly name: string }[] {
  const page = readFileSync(join(ROOT, "docs/reliability.md"), "utf8");
  const rows = page.slice(page.indexOf("## Requirements"));
  return Array.from(rows.matchAll(/`([\w/]+\.(?:test|suite)\.ts)`((?:,? “[^”]+”)+)/g)).flatMap(
    ([, file = "", names = ""]) => Array.from(names.matchAll(/“([^”]+)”/g), ([, name = ""]) => ({ file, name })),
  );
}

test("every requirement names tests that are there", () => {
  const tests = named();
  const missing = tests.filter(({ file, name }) => !readFileSync(join(ROOT, "test", file), "utf8").includes(name));
  expect([tests.length > 20, missing]).toEqual([true, []]);
});
