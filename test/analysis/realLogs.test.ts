import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createRunJudge } from "#analysis/runJudge.ts";
import { loadRuns } from "#cli/runs/loadRuns.ts";
import { RULE_IDS } from "#core/rules.ts";

// docs/rules.md tells what the rules say of real logs and whether that is right. Here it is held to the rules as they are:
// on the examples always, and on public logs where a copy of them lies beside the project.

interface MeasuredLog {
  readonly log: string;
  /** Below the project for an example, else below the copy; missing where no copy is kept. */
  readonly path?: string;
  readonly points: number;
  readonly findings: readonly { readonly rule: string; readonly steps: string }[];
}

const PROJECT = new URL("../../", import.meta.url);
const CORPUS = new URL("../../../shared/corpus/logs/", import.meta.url);
const { logs } = JSON.parse(readFileSync(new URL("docs/rulesMeasured.json", PROJECT), "utf8")) as {
  readonly logs: readonly MeasuredLog[];
};
const isExample = ({ path }: MeasuredLog): boolean => path?.startsWith("examples/") === true;
const atHand = logs.filter(
  (log) => isExample(log) || (log.path !== undefined && existsSync(new URL(log.path, CORPUS))),
);

test("the examples are measured, and public logs where they are at hand", () => {
  expect(atHand.filter(isExample)).toHaveLength(2);
  expect(atHand.length).toBe(existsSync(CORPUS) ? logs.filter(({ path }) => path !== undefined).length : 2);
});

test.each(atHand)("of $log the page tells what the rules say", async (log) => {
  const place = fileURLToPath(new URL(log.path ?? "", isExample(log) ? PROJECT : CORPUS));
  const { runs } = await loadRuns([place], { signal: new AbortController().signal });
  const run = runs[0]?.run;
  const norms = run?.first("globalNorm");
  if (run === undefined || norms === undefined) {
    throw new Error(`${place} has no global norm`);
  }
  const judge = createRunJudge(run, norms, new Set(RULE_IDS));
  judge.push({ steps: norms.steps(), values: norms.values(), lines: norms.lines() });
  const findings = judge.findings().map(({ rule, start, end }) => ({ rule, steps: `${start}–${end ?? ""}` }));
  expect({ points: norms.count(), findings }).toEqual({
    points: log.points,
    findings: log.findings.map(({ rule, steps }) => ({ rule, steps })),
  });
});
