import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../../support/testFolder.ts";
import type { TestFolder } from "../../support/testFolder.ts";
import { buildProgram } from "../../support/build.ts";
import { runGradlens } from "../program.ts";
import type { Gradlens } from "../program.ts";

let script: string;
let folder: TestFolder;
beforeAll(async () => {
  [script, folder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  await folder.write("own/train.txt", "it=1 g=2.5\nit=2 g=nan\neval 2: 0.5\n");
});
afterAll(async () => folder.dispose());

const gradlens: Gradlens = async (...args) => runGradlens(script, folder.path, args);

const PATTERN = String.raw`it=(?<step>\d+) g=(?<value>\S+)`;
const EVALUATION = String.raw`eval (?<step>\d+): (?<val_loss>\S+)`;
const HELP = 'Run "gradlens log --help" for its options.';

test.each(["own", "own/train.txt"])("patterns of one's own read %s, each with --pattern", async (path) => {
  const { code, stdout } = await gradlens("log", path, "--json", "--pattern", PATTERN, "--pattern", EVALUATION);
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    {
      runs: [
        {
          sources: [{ format: "custom" }],
          series: [
            { name: "grad_norm", kind: "globalNorm", last: [2, "NaN"], nonFinite: 1 },
            { name: "val_loss", kind: "loss", last: [2, 0.5] },
          ],
        },
      ],
    },
  ]);
});

test("without them nobody knows the log", async () => {
  expect((await gradlens("log", "own")).code).toBe(2);
});

test.each([
  {
    pattern: "step (\\d+)",
    reason: "it has no group (?<step>…), which must match the step.",
  },
  { pattern: "(?<step>", reason: "Invalid regular expression: /(?<step>/: Unterminated group." },
])("--pattern $pattern exits with 2 and says why", async ({ pattern, reason }) => {
  expect(await gradlens("log", "own", "--pattern", pattern)).toEqual({
    code: 2,
    stdout: "",
    stderr: `gradlens: --pattern ${pattern}: ${reason} ${HELP}\n`,
  });
});

test("lines that cannot be read are told once for each file, with the first and the number of the others", async () => {
  const bad = '{"step": 2, "grad_norm": }}}\n';
  const path = await folder.write("bad/a.jsonl", `${'{"step": 1, "grad_norm": 2}\n'.repeat(20)}${bad.repeat(250)}`);
  const other = await folder.write("bad/b.jsonl", `${'{"step": 1, "loss": 2}\n'.repeat(3)}${bad}`);
  const { code, stdout, stderr } = await gradlens("log", "bad", "--json");
  const { unreadable } = JSON.parse(stdout) as { unreadable: readonly { path: string; count?: number }[] };
  expect([code, stderr.split("\n"), unreadable.length, unreadable[100]]).toEqual([
    0,
    [
      `gradlens: ${path}:21: The line is not a JSON object. 249 more lines of this file could not be read.`,
      `gradlens: ${other}:4: The line is not a JSON object.`,
      "",
    ],
    102,
    { path, line: 121, reason: "150 more lines have problems.", count: 150 },
  ]);
});

test.each([
  {
    path: "begun.csv",
    text: "step,loss,grad_norm\n",
    code: 0,
    said: [
      "no step is logged here yet (csv). If the training goes on, ask again later, or follow it with gradlens watch.",
    ],
  },
  {
    path: "bad.csv",
    text: "step,loss,grad_norm\nx,1,2\n",
    code: 2,
    said: [
      "no value could be read here (csv); --pattern can say how its lines look.",
      "The row has no step and was left out.",
    ],
  },
  {
    path: "config.yaml",
    text: "max_grad_norm: 1.0\n",
    code: 2,
    said: ["these are settings, not a log. Give the log, or the folder of the run."],
  },
])("of $path nothing is shown, it is said why, and the exit code is $code", async ({ path, text, code, said }) => {
  const file = await folder.write(`empty/${path}`, text);
  const asText = await gradlens("log", `empty/${path}`);
  const asJson = await gradlens("log", `empty/${path}`, "--json");
  const reasons = said.map((sentence, index) => `gradlens: ${file}${index === 0 ? "" : ":2"}: ${sentence}\n`);
  expect([asText.code, asText.stdout, asText.stderr]).toEqual([code, "", reasons.join("")]);
  expect([asJson.code, asJson.stderr]).toEqual([code, reasons.join("")]);
  const { unreadable } = JSON.parse(asJson.stdout) as { readonly unreadable: readonly unknown[] };
  expect(unreadable).toHaveLength(code === 0 ? 0 : said.length);
});

test("a run without a value is told of beside one that is shown", async () => {
  await folder.write("mixed/a/log.csv", "step,grad_norm\n1,2\n");
  await folder.write("mixed/b/log.csv", "step,grad_norm\n");
  const { code, stdout, stderr } = await gradlens("log", "mixed");
  expect([code, stdout.includes("globalNorm"), stderr.includes("no step is logged here yet")]).toEqual([0, true, true]);
});
