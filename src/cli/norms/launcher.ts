import { UsageError } from "../usage.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a launcher such as srun or mpirun tells each of the processes it starts. */
export interface Task {
  /** Who told it, for people. */
  readonly launcher: string;
  /** From 0. */
  readonly rank: number;
  readonly size: number;
}

interface Launcher {
  readonly name: string;
  readonly rank: string;
  /** Names of the variable, the more precise one first. */
  readonly size: readonly string[];
  /** A variable without which the others may be left over from elsewhere. */
  readonly witness?: string;
}

/**
 * The one that is started by the others first: mpirun and torchrun are run inside Slurm jobs, whose variables their
 * processes inherit. Names that anybody may have set come last.
 */
const LAUNCHERS: readonly Launcher[] = [
  { name: "Open MPI", rank: "OMPI_COMM_WORLD_RANK", size: ["OMPI_COMM_WORLD_SIZE"] },
  { name: "torchrun", rank: "RANK", size: ["WORLD_SIZE"], witness: "TORCHELASTIC_RUN_ID" },
  { name: "PMI", rank: "PMI_RANK", size: ["PMI_SIZE"] },
  { name: "Slurm", rank: "SLURM_PROCID", size: ["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"] },
  { name: "RANK and WORLD_SIZE", rank: "RANK", size: ["WORLD_SIZE"] },
];

/** Which of how many processes this is. Throws when no launcher tells it; notes say which others told something else. */
export function findTask(environment: Environment): { readonly task: Task; readonly notes: readonly string[] } {
  const [task, ...others] = LAUNCHERS.flatMap((launcher) => readTask(launcher, environment) ?? []);
  const { PMIX_RANK: pmixRank } = environment;
  if (task === undefined) {
    throw new UsageError(
      pmixRank === undefined
        ? "--distributed: no launcher tells which task this is; start it with srun, mpirun or torchrun, or give --shard i/n"
        : `--distributed: PMIx tells that this is rank ${pmixRank}, not of how many; give --shard ${Number(pmixRank) + 1}/n`,
    );
  }
  if (task.launcher === "Slurm" && task.size > 1 && environment["SLURM_STEP_ID"] === undefined) {
    throw new UsageError(`--distributed: this is the batch script itself; start the ${task.size} tasks with srun`);
  }
  const told = others.filter(({ rank, size }) => rank !== task.rank || size !== task.size).map(describe);
  const pmix = pmixRank === undefined || Number(pmixRank) === task.rank ? [] : [`PMIx says rank ${pmixRank}`];
  const contradictions = [...told, ...pmix].join(", ");
  return {
    task,
    notes:
      contradictions === ""
        ? []
        : [`${describe(task)}, which is taken; ${contradictions}. To say it yourself, give --shard i/n.`],
  };
}

function describe({ launcher, rank, size }: Task): string {
  return `${launcher} says rank ${rank} of ${size}`;
}

function readTask({ name, rank, size, witness }: Launcher, environment: Environment): Task | undefined {
  const sizeName = size.find((one) => environment[one] !== undefined);
  const [rankText, sizeText] = [environment[rank], environment[sizeName ?? ""]];
  if (
    rankText === undefined ||
    sizeText === undefined ||
    (witness !== undefined && environment[witness] === undefined)
  ) {
    return undefined;
  }
  const task = { launcher: name, rank: Number(rankText), size: Number(sizeText) };
  if (!/^\d+$/.test(rankText) || !/^\d+$/.test(sizeText) || task.rank >= task.size) {
    throw new UsageError(
      `--distributed: ${rank} is "${rankText}" and ${sizeName} is "${sizeText}", which is no rank of a size`,
    );
  }
  return task;
}

/**
 * A name that all processes of one job have, and those of another have not: PMIx's namespace, Slurm's job and step, or
 * torchrun's run. Undefined where the launcher tells none.
 */
export function findJobName(environment: Environment): string | undefined {
  const { PMIX_NAMESPACE, SLURM_JOB_ID, SLURM_STEP_ID, TORCHELASTIC_RUN_ID } = environment;
  const hasStep = SLURM_JOB_ID !== undefined && SLURM_STEP_ID !== undefined;
  const slurm = hasStep ? `slurm-${SLURM_JOB_ID}.${SLURM_STEP_ID}` : undefined;
  const run = TORCHELASTIC_RUN_ID === "none" ? undefined : TORCHELASTIC_RUN_ID; // torchrun's word for nothing given.
  return PMIX_NAMESPACE ?? run ?? slurm;
}
