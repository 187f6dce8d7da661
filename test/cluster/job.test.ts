import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toJson } from "#core/json.ts";
import { batchScript } from "#host/cluster/batchScript.ts";
import { endState, followJob, submitJob } from "#host/cluster/slurmJob.ts";
import type { SlurmOptions } from "#host/cluster/slurmJob.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import { mergeSharesIn } from "#worker/shares/readShares.ts";
import { createTestFolder } from "../files/folder.ts";
import type { TestFolder } from "../files/folder.ts";
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
