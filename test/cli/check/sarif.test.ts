import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { CheckFinding } from "#cli/check/checkFinding.ts";
import { toSarif } from "#cli/check/sarif.ts";
import { toJson } from "#core/json.ts";
import { RULE_IDS } from "#core/rules.ts";

const ajv = new AjvDraft04.default({ strict: false, allErrors: true });
addFormats.default(ajv);
const SCHEMA = JSON.parse(readFileSync("test/fixtures/sarif/sarif-schema-2.1.0.json", "utf8")) as object;
const isValid = ajv.compile(SCHEMA);

const SPIKE: CheckFinding = {
  rule: "GN201",
  severity: "warning",
  tensor: null,
  start: 240,
  peak: 241,
  end: null,
  value: 10.6,
  limit: 1.3,
  message: "Gradient norm jumped to 10.6.",
  source: { path: "/work here/runs/a #1/train.log", line: 242 },
};
const BROKEN: CheckFinding = {
  ...SPIKE,
  rule: "GN505",
  severity: "error",
  tensor: "wte.weight",
  start: null,
  peak: null,
  value: Number.NaN,
  source: { path: "/elsewhere/model.safetensors", line: null },
};

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region?: object };
    readonly logicalLocations?: readonly object[];
  }[];
}

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Readonly<Record<string, unknown>>[] } };
      readonly invocations: readonly [{ readonly executionSuccessful: boolean }];
      readonly results: readonly SarifResult[];
    },
  ];
}

function sarif(
  findings: readonly CheckFinding[],
  { homepage = undefined as string | undefined, failures = [] as { path: string; reason: string }[] } = {},
): Sarif {
  const source = { findings, failures, folder: "/work here", version: "1.2.3", homepage };
  return JSON.parse(toJson(toSarif(source))) as Sarif;
}

test.each([
  { what: "nothing found", document: sarif([]) },
  { what: "a log and a checkpoint", document: sarif([SPIKE, BROKEN]) },
  {
    what: "every rule, with links",
    document: sarif(
      RULE_IDS.map((rule) => ({ ...SPIKE, rule })),
      { homepage: "https://example.org/gradlens" },
    ),
  },
  { what: "a failure", document: sarif([], { failures: [{ path: "/work here/x", reason: "It is not there." }] }) },
])("SARIF of $what is valid by the schema of its standard", ({ document }) => {
  const valid = isValid(document);
  expect([valid, isValid.errors ?? []]).toEqual([true, []]);
});

test("the schema does refuse what is no SARIF", () => {
  expect(isValid({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
});

test("a result says what, how bad and where; paths below the folder are relative", () => {
  const [{ results, tool }] = sarif([SPIKE, BROKEN]).runs;
  expect(results).toMatchObject([
    {
      ruleId: "GN201",
      ruleIndex: 0,
      level: "warning",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "runs/a%20%231/train.log" },
            region: { startLine: 242 },
          },
        },
      ],
    },
    {
      ruleId: "GN505",
      ruleIndex: 1,
      level: "error",
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: pathToFileURL(join("/elsewhere/model.safetensors")).href } },
          logicalLocations: [{ name: "wte.weight", kind: "variable" }],
        },
      ],
    },
  ]);
  expect(results[1]?.locations[0]?.physicalLocation.region).toBeUndefined();
  expect(tool.driver.rules.map(({ id, name }) => [id, name])).toEqual([
    ["GN201", "Spike"],
    ["GN505", "BrokenTensor"],
  ]);
});

test("each rule links to its heading in the documents, where the project has a page", () => {
  const [{ tool }] = sarif([SPIKE], { homepage: "https://example.org/gradlens#readme" }).runs;
  expect(tool.driver.rules[0]?.["helpUri"]).toBe("https://example.org/gradlens/docs/rules.md#gn201-spike");
});

function marks(...findings: readonly CheckFinding[]): (string | undefined)[] {
  return sarif(findings).runs[0].results.map((result) => result.partialFingerprints["gradlensFinding/v1"]);
}

test("a finding keeps its fingerprint while its run grows, and another has another", () => {
  const later = { ...SPIKE, peak: 250, end: 260, value: 99, message: "Other.", severity: "error" as const };
  const moved = { ...SPIKE, source: { ...SPIKE.source, line: 500 } };
  const [first, ...same] = [...marks(SPIKE), ...marks(later), ...marks(moved), ...marks(BROKEN, SPIKE).slice(1)];
  expect(same).toEqual([first, first, first]);
  const others = marks(SPIKE, { ...SPIKE, start: 1 }, { ...SPIKE, rule: "GN203" }, { ...SPIKE, tensor: "w" }, SPIKE);
  expect(new Set(others).size).toBe(5);
});
