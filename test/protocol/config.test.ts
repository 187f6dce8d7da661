import { Ajv } from "ajv";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseConfig } from "#protocol/config.ts";

const SCHEMA: object = JSON.parse(readFileSync("docs/gradlens.config.schema.json", "utf8")) as object;
const isValid = new Ajv({ strict: false }).compile(SCHEMA);

const WHOLE = {
  $schema: "docs/gradlens.config.schema.json",
  rules: { GN204: false, GN402: true },
  ignore: [{ rule: "GN201", path: "runs/old/**", reason: "a damaged batch" }, { tensor: "*.bias" }],
  logPatterns: [String.raw`it=(?<step>\d+) g=(?<value>\S+)`],
  check: { failOn: "warning", maxNorm: 10, maxNan: 0 },
};

test.each([[WHOLE], [{}], [{ rules: {} }]])("%j is a configuration, for the program and for the schema", (config) => {
  const { $schema: _, ...rest } = { $schema: "", ...config };
  expect([parseConfig(JSON.stringify(config)), isValid(config)]).toMatchObject([{ config: rest }, true]);
});

test.each([
  { config: { ruls: {} }, problem: "ruls is not known" },
  { config: { rules: { GN999: true } }, problem: 'rules.GN999: there is no rule "GN999"' },
  { config: { rules: { GN201: 1 } }, problem: "rules.GN201: Invalid type: Expected boolean but received 1" },
  { config: { ignore: [{ rul: "GN201" }] }, problem: "ignore.0.rul is not known" },
  { config: { ignore: [{ rule: "GN1" }] }, problem: 'ignore.0.rule: there is no rule "GN1"' },
  { config: { check: { maxNorm: 0 } }, problem: "check.maxNorm: Invalid value: Expected >0 but received 0" },
  { config: { check: { maxNan: 1.5 } }, problem: "check.maxNan: Invalid integer: Received 1.5" },
  {
    config: { check: { failOn: "fatal" } },
    problem: 'check.failOn: Invalid type: Expected ("error" | "warning" | "info") but received "fatal"',
  },
  { config: [], problem: "it is a list, not an object" },
])("$config is refused, by the schema too: $problem", ({ config, problem }) => {
  expect([parseConfig(JSON.stringify(config)), isValid(config)]).toEqual([{ problem }, false]);
});

test.each([
  { text: "", problem: "this is no JSON: Unexpected end of JSON input" },
  {
    text: "{",
    problem: "this is no JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
  },
  { text: '{"ignore":[{"reason":"x"}]}', problem: "ignore.0: say which rule, tensor or path is ignored" },
])("the text $text is refused: $problem", ({ text, problem }) => {
  expect(parseConfig(text)).toEqual({ problem });
});

test("a byte order mark is no mistake", () => {
  expect(parseConfig('\uFEFF{"rules":{"GN201":false}}')).toEqual({ config: { rules: { GN201: false } } });
});
