import { expect, test } from "vitest";
import { readJson } from "../support/manifest.ts";

/** What VS Code shows of these properties; what models and npm read stays English and in its place. */
const SHOWN = new Set([
  "title",
  "displayName",
  "description",
  "markdownDescription",
  "contents",
  "userDescription",
  "altText",
]);
const SHOWN_LISTS = new Set(["enumDescriptions", "markdownEnumDescriptions"]);
const READ_BY_MACHINES = new Set(["inputSchema", "keywords"]);

test("every text of the manifest is looked up, and nothing that is looked up is missing or unused", () => {
  const { contributes, capabilities } = readJson("package.json");
  const found = shownTexts({ contributes, capabilities }).filter((text) => text !== "Gradlens");
  const keys = found.map((text) => /^%(.+)%$/.exec(text)?.[1] ?? `not a key: ${text}`);
  expect(Array.from(new Set(keys)).toSorted()).toEqual(Object.keys(readJson("package.nls.json")).toSorted());
});

function shownTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(shownTexts);
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
    if (READ_BY_MACHINES.has(name)) {
      return [];
    }
    const isView = name === "name" && "id" in value;
    if (typeof one === "string") {
      return SHOWN.has(name) || isView ? [one] : [];
    }
    return SHOWN_LISTS.has(name) && Array.isArray(one) ? one.map(String) : shownTexts(one);
  });
}
