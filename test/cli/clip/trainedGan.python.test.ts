import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { adviseRun } from "#analysis/clipping/adviseRun.ts";
import { normsByName } from "#analysis/normNames.ts";
import { judgeRun } from "#cli/runs/judgeRun.ts";
import { RULE_IDS } from "#core/rules.ts";
import { readRun } from "../../support/clippingPage.ts";
import { runPython } from "../../support/python.ts";

interface Truth {
  readonly far: number;
  readonly loud: number;
  readonly nan: number;
  readonly clip: Readonly<Record<string, number>>;
}

const folder = mkdtempSync(join(tmpdir(), "gradlens-gan-"));
afterAll(() => rmSync(folder, { recursive: true }));

const truth = runPython("trainGan.py", folder) as Truth;

test("what happened to each model of a GAN that torch has trained is found in its own norm", async () => {
  const found = judgeRun(await readRun(folder), new Set(RULE_IDS));
  const grave = found.filter(({ rule }) => rule === "GN101" || rule === "GN201");
  expect(grave.map(({ rule, tensor, peak, message }) => [rule, tensor, peak, message.split(":")[0]])).toEqual([
    ["GN201", "grad_norm_g", truth.loud, "grad_norm_g"],
    ["GN201", null, truth.far, "grad_norm_d"],
    ["GN101", "grad_norm_g", truth.nan, "grad_norm_g"],
  ]);
});

test("the advice on each norm says what its own threshold has cut", async () => {
  const run = await readRun(folder);
  const norms = normsByName(run);
  const shares = Object.entries(truth.clip).map(([name, threshold]) => {
    const further = name === run.first("globalNorm")?.key.name ? undefined : norms.get(name);
    const { candidates } = adviseRun(run, { given: [threshold], last: undefined, withWarmUp: true, further });
    const values = Array.from(norms.get(name)?.values() ?? []).filter(Number.isFinite);
    const cut = values.filter((norm) => norm > threshold).length / values.length;
    return [name, candidates.find(({ method }) => method === "given")?.clippedShare === cut, cut > 0];
  });
  expect(shares).toEqual([
    ["grad_norm_d", true, true],
    ["grad_norm_g", true, true],
  ]);
});
