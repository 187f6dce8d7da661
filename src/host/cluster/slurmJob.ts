import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { t } from "@vscode/l10n";

export interface SlurmOptions {
  /** Of the programs; the process's own when it is missing. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Gives a script to sbatch. Resolves with the job's number, or rejects with what sbatch says. */
export async function submitJob(script: string, options: SlurmOptions = {}): Promise<string> {
  const answer = await runSlurm("sbatch", ["--parsable"], { ...options, input: script });
  const [job = ""] = answer.trim().split(";"); // The name of the cluster may follow.
  if (!/^\d+$/.test(job)) {
    throw new Error(t("sbatch gave no job number: {0}", answer.trim()));
  }
  return job;
}

export interface FollowOptions extends SlurmOptions {
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  /** Hears Slurm's word for the state whenever it changes: PENDING, RUNNING, … */
  readonly onState: (state: string) => void;
}

// A controller that is busy does not answer now and then.
const MAX_FAILURES = 5;

/** Waits until a job is in the queue no more. Cancels it and rejects when the signal is aborted. */
export async function followJob(job: string, options: FollowOptions): Promise<void> {
  const { signal, intervalMs, onState } = options;
  let before = "";
  let failures = 0;
  try {
    for (;;) {
      const state = await queueState(job, options).catch((error: unknown) => {
        failures += 1;
        if (failures >= MAX_FAILURES) {
          throw error;
        }
        return before;
      });
      if (state === undefined) {
        return;
      }
      if (state !== before) {
        onState(state);
      }
      before = state;
      await sleep(intervalMs, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) {
      await runSlurm("scancel", [job], options);
    }
    throw error;
  }
}

/** Undefined when the job has ended, also when the queue has forgotten it. */
async function queueState(job: string, options: SlurmOptions): Promise<string | undefined> {
  try {
    const state = (await runSlurm("squeue", ["--noheader", "--format=%T", `--jobs=${job}`], options)).trim();
    return state === "" ? undefined : state;
  } catch (error) {
    if (error instanceof Error && error.message.includes("Invalid job id")) {
      return undefined;
    }
    throw error;
  }
}

/** How a job ended, in Slurm's word; undefined where the cluster keeps no accounts. */
export async function endState(job: string, options: SlurmOptions = {}): Promise<string | undefined> {
  try {
    const fields = ["--noheader", "--allocations", "--parsable2", "--format=State", `--jobs=${job}`];
    const state = (await runSlurm("sacct", fields, options)).trim();
    return state === "" ? undefined : state;
  } catch {
    return undefined; // Many clusters have no accounting storage.
  }
}

interface SlurmCall extends SlurmOptions {
  readonly input?: string;
}

// A controller that is down lets its programs wait for minutes.
const LIMIT_MS = 60_000;

async function runSlurm(program: string, args: readonly string[], { input, env, cwd }: SlurmCall): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: LIMIT_MS, ...(env === undefined ? {} : { env }), ...(cwd === undefined ? {} : { cwd }) };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else {
        reject(new Error(`${program}: ${stderr.trim() === "" ? error.message : stderr.trim()}`, { cause: error }));
      }
    });
    child.stdin?.on("error", () => child.kill()); // It ended before it read its script, and its error is told above.
    child.stdin?.end(input ?? "");
  });
}
