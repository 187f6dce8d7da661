import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { buildProgram } from "../../support/build.ts";
import { runGradlens } from "../program.ts";

/** Public logs, kept beside the project because they are not ours to publish. Without them nothing is tested here. */
const LOGS = fileURLToPath(new URL("../../../../shared/corpus/logs/", import.meta.url));

let script: string;
beforeAll(async () => {
  script = await buildProgram("cli");
});

interface ClipDocument {
  readonly clipState: string;
  readonly steps: number;
  readonly refused?: string;
  readonly candidates: readonly { readonly method: string; readonly maxNorm: number; readonly clippedShare: number }[];
}

// Read by eye: norms of 1.8 to 12 under a threshold of 1, printed from bfloat16; a run of 51 steps; a rate that rises to the
// end; norms that are not measured.
const JUDGED = [
  { log: "wandb/run-v9z6xp4p.wandb", args: [], state: "pre", steps: 304, refused: undefined, kept: 1 },
  { log: "wandb/run-aaspntuu.wandb", args: ["--warm-up"], state: "pre", steps: 237, refused: undefined, kept: 1 },
  {
    log: "jsonl/opd_train_log.jsonl",
    args: [],
    state: "undetermined",
    steps: 1,
    refused: /count: 1 .*advice needs 50/,
    kept: undefined,
  },
  {
    log: "jsonl/opd_train_log.jsonl",
    args: ["--warm-up"],
    state: "undetermined",
    steps: 51,
    refused: undefined,
    kept: 0,
  },
  {
    log: "mmengine/3d-car__20231006_063703__scalars.json",
    args: [],
    state: "undetermined",
    steps: 0,
    refused: /150 of the warm-up/,
    kept: undefined,
  },
  {
    log: "megatron/meg_ds_3d_gpt2_perf_n16-ds-on.out",
    args: [],
    state: "undetermined",
    steps: 0,
    refused: /no finite positive gradient norm \(left out: 49 zero\)/,
    kept: undefined,
  },
].filter(({ log }) => existsSync(LOGS + log));

test.each(JUDGED.length > 0 ? JUDGED : [undefined])("the advice on $log $args is what reading it says", async (row) => {
  if (row === undefined) {
    expect(existsSync(LOGS)).toBe(false);
    return;
  }
  const { stdout } = await runGradlens(script, LOGS, ["clip", row.log, ...row.args, "--json"]);
  const { clipState, steps, refused, candidates } = JSON.parse(stdout) as ClipDocument;
  expect([clipState, steps]).toEqual([row.state, row.steps]);
  expect(refused ?? "").toMatch(row.refused ?? /^$/);
  expect(candidates.find(({ method }) => method === "keep")?.clippedShare).toBe(row.kept);
});
