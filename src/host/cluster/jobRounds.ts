import type { MissingShares } from "#protocol/workerAnswers.ts";

/** What people want when a job left shares out: the rest computed here, the job once more, or neither. */
export type RestChoice = "here" | "again" | "leave";

export interface JobSteps {
  /** Submits the script, which takes the shares that are there, and waits for the job's end. Gives its number. */
  readonly run: () => Promise<string>;
  /** Null when the job has not even made its folder. */
  readonly findMissing: () => Promise<MissingShares | null>;
  readonly ask: (job: string, shares: MissingShares) => Promise<RestChoice>;
  readonly completeHere: () => Promise<void>;
}

export type JobResult =
  | { readonly kind: "complete" }
  | { readonly kind: "left" }
  | { readonly kind: "nothing"; readonly job: string };

/** Runs a job until all its shares are there, or people leave it. No share is computed twice. */
export async function runUntilComplete({ run, findMissing, ask, completeHere }: JobSteps): Promise<JobResult> {
  for (;;) {
    const job = await run();
    const shares = await findMissing();
    if (shares === null) {
      return { kind: "nothing", job };
    }
    const choice = shares.missing.length === 0 ? "complete" : await ask(job, shares);
    switch (choice) {
      case "complete":
        return { kind: "complete" };
      case "here":
        await completeHere();
        return { kind: "complete" };
      case "leave":
        return { kind: "left" };
      case "again":
    }
  }
}
