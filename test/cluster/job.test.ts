import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toJson } from "#core/json.ts";
import { batchScript } from "#host/cluster/batchScript.ts";
import { runUntilComplete } from "#host/cluster/jobRounds.ts";
import type { RestChoice } from "#host/cluster/jobRounds.ts";
import { endState, followJob, submitJob } from "#host/cluster/slurmJob.ts";
import type { SlurmOptions } from "#host/cluster/slurmJob.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
import type { MissingShares } from "#protocol/workerAnswers.ts";
import { completeShares, findMissingShares } from "#worker/shares/completeShares.ts";
import { computeShare } from "#worker/shares/computeShare.ts";
import { mergeSharesIn } from "#worker/shares/readShares.ts";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { startSlurm } from "./slurm.ts";
import type { Slurm } from "./slurm.ts";

let folder: TestFolder;
let slurm: Slurm;
let program: string;
let options: SlurmOptions;
beforeAll(async () => {
  [program, folder, slurm] = await Promise.all([buildProgram("cli"), createTestFolder(), startSlurm()]);
  options = { env: slurm.env, cwd: folder.path };
});
afterAll(async () => {
  await slurm?.stop();
  await folder?.dispose();
});

async function follow(job: string, signal = new AbortController().signal): Promise<readonly string[]> {
  const states: string[] = [];
  await followJob(job, { ...options, intervalMs: 50, signal, onState: (state) => states.push(state) });
  return states;
}

test("the script that the editor submits gives shares that are what one run gives, with the kinds to choose from", async () => {
  const checkpoint = await writeCheckpoint(folder);
  const [shareFolder, run] = [join(folder.path, "the shares"), "model-1"];
  await folder.write("the shares/.keep", "");
  const script = batchScript({ checkpoint, node: process.execPath, program, isElectron: false, shareFolder, run });
  const job = await submitJob(script.replace("--cpus-per-task=4", "--cpus-per-task=2"), options);
  const states = await follow(job);
  expect(states.filter((state) => !["PENDING", "CONFIGURING", "RUNNING", "COMPLETING"].includes(state))).toEqual([]);
  const merged = await mergeSharesIn(join(shareFolder, `job-${run}`));
  const local = await computeNorms(checkpoint, { engine: "simd", threads: 2, hasAlternatives: true });
  const times = { seconds: 0, engine: { ...local.engine, threads: 2, rates: [] } };
  expect(toJson({ ...merged, ...times })).toBe(toJson({ ...local, ...times }));
  expect((await readdir(shareFolder)).toSorted()).toEqual([".keep", "job-model-1", "model-1.log"]);
});

/** As the editor does it, with people who choose at each question; what they were asked. */
async function runWithPeople(
  script: () => string,
  { checkpoint, shares, choices }: { checkpoint: string; shares: string; choices: RestChoice[] },
): Promise<{ readonly result: string; readonly asked: readonly MissingShares[] }> {
  const asked: MissingShares[] = [];
  const result = await runUntilComplete({
    async run() {
      const job = await submitJob(script(), options);
      await follow(job);
      return job;
    },
    findMissing: async () => findMissingShares(shares),
    async ask(_, missing) {
      asked.push(missing);
      return Promise.resolve(choices.shift() ?? "leave");
    },
    completeHere: async () =>
      completeShares(shares, {
        path: checkpoint,
        threads: 2,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      }),
  });
  return { result: result.kind, asked };
}

const THIRD_DIES = `srun sh -c 'if [ "$SLURM_PROCID" = 2 ]; then exit 1; fi; exec "$0" "$@"' `;

test.each([
  { how: "here", choices: ["here"], result: "complete" },
  { how: "by the job once more", choices: ["again"], result: "complete" },
  { how: "not at all", choices: ["leave"], result: "left" },
] as const)("a share that a job left out is computed $how", async ({ how, choices, result }) => {
  const run = `lost-${choices[0]}`;
  const [checkpoint, shareFolder] = [await writeCheckpoint(folder), join(folder.path, "lost")];
  await folder.write("lost/.keep", "");
  const script = batchScript({ checkpoint, node: process.execPath, program, isElectron: false, shareFolder, run });
  const small = script.replace("--cpus-per-task=4", "--cpus-per-task=2");
  const scripts = [small.replace("srun --kill-on-bad-exit=1 ", THIRD_DIES)];
  const shares = join(shareFolder, `job-${run}`);
  const people = { checkpoint, shares, choices: [...choices] };
  const done = await runWithPeople(() => scripts.shift() ?? small, people);
  expect(done).toEqual({ result, asked: [{ missing: [3], count: 4 }] });
  const local = await computeNorms(checkpoint, { engine: "simd", threads: 2, hasAlternatives: true });
  const merged = await mergeSharesIn(shares).catch((error: unknown) => String(error));
  const timeless = (norms: object): unknown =>
    JSON.parse(toJson({ ...norms, seconds: 0, engine: { ...local.engine, threads: 2, rates: [] } }));
  expect(typeof merged === "string" ? merged : timeless(merged)).toEqual(
    how === "not at all" ? "Error: Share 3 of 4 is missing." : timeless(local),
  );
});

test("a checkpoint that was written since is not completed with a share of another one", async () => {
  const [checkpoint, shares] = [await writeCheckpoint(folder), join(folder.path, "old")];
  const part = await computeShare(checkpoint, { threads: 2, share: { index: 1, count: 2 } });
  await folder.write("old/share-1-of-2.json", toJson(part));
  await utimes(join(folder.path, "model-00002-of-00002.safetensors"), 2000, 2000);
  const completing = completeShares(shares, {
    path: checkpoint,
    threads: 2,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  await expect(completing).rejects.toThrow(
    "Share 2 does not belong to the others: they are of different checkpoints, or model-00002-of-00002.safetensors was written in between. Run all tasks again.",
  );
  expect(await findMissingShares(shares)).toEqual({ missing: [2], count: 2 });
});

test("a job that is no more followed is cancelled", async () => {
  const job = await submitJob("#!/bin/sh\nsleep 600\n", options);
  const controller = new AbortController();
  const following = followJob(job, {
    ...options,
    intervalMs: 50,
    signal: controller.signal,
    onState: (state) => state === "RUNNING" && controller.abort(),
  });
  await expect(following).rejects.toThrow("aborted");
  expect((await follow(job)).filter((state) => state === "RUNNING")).toEqual([]);
});

test("a job that Slurm has forgotten has ended, and without accounts nobody knows how", async () => {
  expect([await follow("4000000"), await endState("4000000", options)]).toEqual([[], undefined]);
});

test("what sbatch says of a script it does not take is told", async () => {
  await expect(submitJob("no script", options)).rejects.toThrow(/^sbatch: .*This does not look like a batch script/);
});
