import { describe, expect, test } from "vitest";
import { findJobName, findTask } from "#cli/norms/launcher.ts";

const SRUN = { SLURM_PROCID: "3", SLURM_NTASKS: "8", SLURM_STEP_ID: "0", SLURM_JOB_ID: "77" };
const MPIRUN = { OMPI_COMM_WORLD_RANK: "1", OMPI_COMM_WORLD_SIZE: "4", PMIX_RANK: "1", PMIX_NAMESPACE: "123" };
const TORCHRUN = { RANK: "5", WORLD_SIZE: "6", TORCHELASTIC_RUN_ID: "none" };

test.each([
  { started: "srun", environment: SRUN, task: ["Slurm", 3, 8], notes: [] },
  {
    started: "srun with fewer tasks than the job has",
    environment: { ...SRUN, SLURM_STEP_NUM_TASKS: "4" },
    task: ["Slurm", 3, 4],
    notes: [],
  },
  {
    started: "srun --mpi=pmi2",
    environment: { ...SRUN, PMI_RANK: "3", PMI_SIZE: "8" },
    task: ["PMI", 3, 8],
    notes: [],
  },
  { started: "srun --mpi=pmix", environment: { ...SRUN, PMIX_RANK: "3" }, task: ["Slurm", 3, 8], notes: [] },
  { started: "mpiexec of MPICH", environment: { PMI_RANK: "0", PMI_SIZE: "2" }, task: ["PMI", 0, 2], notes: [] },
  { started: "mpirun", environment: MPIRUN, task: ["Open MPI", 1, 4], notes: [] },
  {
    started: "mpirun in a Slurm job",
    environment: { ...SRUN, ...MPIRUN },
    task: ["Open MPI", 1, 4],
    notes: ["Open MPI says rank 1 of 4, which is taken; Slurm says rank 3 of 8. To say it yourself, give --shard i/n."],
  },
  { started: "torchrun", environment: TORCHRUN, task: ["torchrun", 5, 6], notes: [] },
  {
    started: "srun where RANK is left over",
    environment: { ...SRUN, RANK: "0", WORLD_SIZE: "1" },
    task: ["Slurm", 3, 8],
    notes: [
      "Slurm says rank 3 of 8, which is taken; RANK and WORLD_SIZE says rank 0 of 1. To say it yourself, give --shard i/n.",
    ],
  },
  {
    started: "a launcher of one's own",
    environment: { RANK: "1", WORLD_SIZE: "2" },
    task: ["RANK and WORLD_SIZE", 1, 2],
    notes: [],
  },
  {
    started: "srun with another rank from PMIx",
    environment: { ...SRUN, PMIX_RANK: "2" },
    task: ["Slurm", 3, 8],
    notes: ["Slurm says rank 3 of 8, which is taken; PMIx says rank 2. To say it yourself, give --shard i/n."],
  },
])("a task of $started is $task", ({ environment, task, notes }) => {
  const found = findTask(environment);
  expect([[found.task.launcher, found.task.rank, found.task.size], found.notes]).toEqual([task, notes]);
});

describe("no task is taken", () => {
  test.each([
    {
      from: "an environment without a launcher",
      environment: { WORLD_SIZE: "4" },
      says: "no launcher tells which task this is",
    },
    { from: "a rank without a size", environment: { PMIX_RANK: "2" }, says: "not of how many; give --shard 3/n" },
    {
      from: "a rank beyond the size",
      environment: { PMI_RANK: "2", PMI_SIZE: "2" },
      says: 'PMI_RANK is "2" and PMI_SIZE is "2"',
    },
    {
      from: "a rank that is no number",
      environment: { PMI_RANK: "-1", PMI_SIZE: "2" },
      says: "which is no rank of a size",
    },
    {
      from: "the batch script",
      environment: { ...SRUN, SLURM_STEP_ID: undefined },
      says: "start the 8 tasks with srun",
    },
  ])("from $from", ({ environment, says }) => {
    expect(() => findTask(environment)).toThrow(says);
  });
});

test.each([
  { from: "PMIx", environment: { ...SRUN, ...MPIRUN }, name: "123" },
  { from: "Slurm", environment: SRUN, name: "slurm-77.0" },
  { from: "torchrun", environment: { ...TORCHRUN, TORCHELASTIC_RUN_ID: "night" }, name: "night" },
  { from: "torchrun without one in a Slurm step", environment: { ...TORCHRUN, ...SRUN }, name: "slurm-77.0" },
  { from: "nobody", environment: TORCHRUN, name: undefined },
])("the job is named by $from", ({ environment, name }) => {
  expect(findJobName(environment)).toBe(name);
});
