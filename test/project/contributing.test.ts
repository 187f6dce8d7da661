import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

test("CONTRIBUTING.md names every command, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../CONTRIBUTING.md"), "utf8");
  const named = Array.from(page.matchAll(/^\| `npm (?:run )?([\w:]+)` /gm), ([, script]) => script ?? "");
  expect(named.toSorted()).toEqual(Object.keys(manifest.scripts).toSorted());
});
