import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildTargets } from "./buildTargets.ts";
import type { Finding } from "./explore.ts";
import { runInThread } from "./runInThread.ts";
import { TARGETS } from "./targets.ts";

// The same inputs on every machine, as many as take all readers two minutes; `npm run fuzz` goes on from there.
const EXECUTIONS = 1000;
const SEED = 1;
const LIMIT_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), "gradlens-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const built = await buildTargets(folder);

test.each(TARGETS)("$name reads what it is meant to", async ({ seeds, run }) => {
  const outcomes: string[] = [];
  for (const seed of await seeds()) {
    outcomes.push(await run(seed));
  }
  expect(outcomes.some((outcome) => READ.test(outcome))).toBe(true);
  expect(outcomes.filter((outcome) => !READ.test(outcome) && outcome !== "dropped")).toEqual([]);
});

const READ = /^(?:ok|taken|rows|(?:known )?(?:samples|a threshold)(?: and problems)?)$/;

test.each(TARGETS)(
  "$name ends changed inputs in one outcome, in little time and memory",
  async ({ name }) => {
    const found: Omit<Finding, "input">[] = [];
    const { explored } = await runInThread({
      built,
      target: name,
      seconds: LIMIT_MS / 2000,
      maxExecutions: EXECUTIONS,
      seed: SEED,
      corpus: [],
      onKept: () => undefined,
      onBroken: ({ promise, what }) => found.push({ promise, what }),
    });
    expect([found, explored.kept > 1]).toEqual([[], true]);
  },
  LIMIT_MS,
);
