import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestFolder } from "../support/testFolder.ts";
import type { TestFolder } from "../support/testFolder.ts";
import { buildProgram } from "../support/build.ts";
import { withoutTimes, writeCheckpoint } from "./checkpoint.ts";
import { runProgram } from "./runProgram.ts";
import type { Result } from "./runProgram.ts";
import { startSlurm } from "./slurm.ts";
import type { Slurm } from "./slurm.ts";

let folder: TestFolder;
let slurm: Slurm;
let norms: readonly string[];
let expected: unknown;
beforeAll(async () => {
  const [script, ownFolder] = await Promise.all([buildProgram("cli"), createTestFolder()]);
  folder = ownFolder;
  norms = [process.execPath, script, "norms", await writeCheckpoint(folder), "--full", "--json", "--threads", "1"];
  const local = await runLocally([...norms, "--engine", "simd"]);
  expected = withoutTimes(local.stdout);
  slurm = await startSlurm();
});
afterAll(async () => {
  await slurm?.stop();
  await folder?.dispose();
});

async function runLocally([program = "", ...args]: readonly string[], env = {}): Promise<Result> {
  return runProgram(program, args, { cwd: folder.path, env: { ...process.env, ...env } });
}

async function srun(tasks: number, ...command: readonly string[]): Promise<Result> {
  return slurm.run("srun", [`--ntasks=${tasks}`, ...command], folder.path);
}

/** As root, on the loopback interface alone, and more tasks than cores. */
const OPEN_MPI = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_oob_tcp_if_include: "lo",
  OMPI_MCA_btl: "self,vader",
  PMIX_MCA_ptl_tcp_if_include: "lo",
};

async function mpirun(tasks: number, ...command: readonly string[]): Promise<Result> {
  return runLocally(["mpirun", "--oversubscribe", "-n", String(tasks), ...command], OPEN_MPI);
}

async function resultIn(name: string): Promise<unknown> {
  return withoutTimes(await readFile(join(folder.path, name), "utf8"));
}

/** Runs a script as a Slurm job of so many tasks, to its end; what it printed. */
async function sbatch(tasks: number, name: string, lines: readonly string[]): Promise<Result> {
  const path = await folder.write(`${name}.sh`, ["#!/bin/sh", ...lines, ""].join("\n"));
  const options = ["--wait", `--ntasks=${tasks}`, `--output=${name}.log`, path];
  const result = await slurm.run("sbatch", options, folder.path);
  return { ...result, stdout: await readFile(join(folder.path, `${name}.log`), "utf8") };
}

function quoted(...words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

// Side by side, for sbatch looks for the end of a job every few seconds alone.
test.concurrent("tasks of mpirun in a Slurm job are Open MPI's, and the first one tells that Slurm says something else", async () => {
  const settings = Object.entries(OPEN_MPI).map(([name, value]) => `export ${name}=${value}`);
  const command = `mpirun -n 3 ${quoted(...norms, "--distributed", "-o", "nested.json")}`;
  const { code, stdout } = await sbatch(3, "nested", [...settings, command]);
  expect(stdout).toContain("Open MPI says rank 0 of 3, which is taken; Slurm says rank 0 of 1.");
  expect([code, await resultIn("nested.json")]).toEqual([0, expected]);
});

test.concurrent("in a batch script without srun it says what is missing", async () => {
  const { code, stdout } = await sbatch(4, "batch", [quoted(...norms, "--distributed", "-o", "batch.json")]);
  expect([code, stdout]).toEqual([
    2,
    'gradlens: --distributed: this is the batch script itself; start the 4 tasks with srun. Run "gradlens norms --help" for its options.\n',
  ]);
});

test.each([
  { launcher: "Slurm", tasks: 1, run: srun },
  { launcher: "Slurm", tasks: 2, run: srun },
  { launcher: "Slurm", tasks: 4, run: srun },
  { launcher: "Slurm", tasks: 8, run: srun },
  { launcher: "Open MPI", tasks: 1, run: mpirun },
  { launcher: "Open MPI", tasks: 2, run: mpirun },
  { launcher: "Open MPI", tasks: 4, run: mpirun },
  { launcher: "Open MPI", tasks: 8, run: mpirun },
])("$tasks tasks of $launcher give what one run gives, and leave only the result", async ({ launcher, tasks, run }) => {
  const output = `${launcher.replace(" ", "")}-${tasks}.json`;
  const { code, stderr } = await run(tasks, ...norms, "--distributed", "-o", output);
  expect([code, stderr.match(/Share \d+ of \d+/g)?.length]).toEqual([0, tasks]);
  expect(await resultIn(output)).toEqual(expected);
  await expect(access(join(folder.path, `${output}.shares`))).rejects.toThrow("ENOENT");
});

// Time for the tasks that live, also on a machine with other work to do: when the first gives up, Slurm ends them too.
const TIMEOUT_S = "30";

// Side by side, for both wait until the time limit.
test.concurrent("a killed task is named after the time limit, and its share alone completes the run", async () => {
  const dying = ["sh", "-c", 'if [ "$SLURM_PROCID" = 2 ]; then kill -9 $$; fi; exec "$0" "$@"'];
  const command = [...norms, "--distributed", "-o", "killed.json", "--timeout", TIMEOUT_S];
  const { code, stderr } = await srun(4, ...dying, ...command);
  expect(code).not.toBe(0);
  expect(stderr).toContain("task 0: Exited with exit code 2");
  expect(stderr).toMatch(/gradlens: Share 3 of 4 is missing after 30 s \(rank 2\)\. What is there stays in /);

  const [job = ""] = await readdir(join(folder.path, "killed.json.shares"));
  const shares = join("killed.json.shares", job);
  const completing = await runLocally([
    ...norms.filter((word) => word !== "--json"),
    "--shard",
    "3/4",
    "-o",
    `${shares}/3.json`,
  ]);
  const parts = (await readdir(join(folder.path, shares))).map((name) => join(shares, name));
  const [program = "", script = ""] = norms;
  const merged = await runLocally([program, script, "merge", ...parts, "--json"]);
  expect([completing.code, parts.length, withoutTimes(merged.stdout)]).toEqual([0, 4, expected]);
});

test.concurrent("a run of the same name takes the shares that are there, and computes the missing one", async () => {
  const command = [...norms, "--distributed", "-o", "again.json", "--job", "again"];
  const dying = ["sh", "-c", 'if [ "$SLURM_PROCID" = 1 ]; then kill -9 $$; fi; exec "$0" "$@"'];
  await srun(4, ...dying, ...command, "--timeout", TIMEOUT_S);
  const { code, stderr } = await srun(4, ...command);
  expect([code, stderr.match(/was there already/g)?.length, stderr.match(/Share 2 of 4 \(/g)?.length]).toEqual([
    0, 3, 1,
  ]);
  expect(await resultIn("again.json")).toEqual(expected);
});
