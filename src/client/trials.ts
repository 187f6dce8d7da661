import type { WorkerRequest } from "#protocol/worker.ts";
import { t } from "@vscode/l10n";
import { Cancelled } from "./cancelled.ts";
import type { RequestOptions } from "./pendingRequests.ts";
import type { SetAside } from "./setAside.ts";
import { subjectOf } from "./subject.ts";
import type { Subject } from "./subject.ts";
import { restarted, WorkerStopped } from "./workerLine.ts";
import type { WorkerLine } from "./workerLine.ts";

/** A request that was open when a process ended, or one about a file that ended one. */
export interface Suspect {
  readonly request: WorkerRequest;
  readonly options: RequestOptions;
  /** Called before it is sent once more. */
  readonly onAgain: () => void;
}

/** Asks suspects again, one at a time in a process that has nothing else to do: so it shows which of them ends it. */
export interface Trials {
  /** Rejects with `WorkerStopped` when the process ends and no file is to blame. */
  readonly run: (suspect: Suspect) => Promise<unknown>;
  /** Whether a file is waiting for its trial or in it. */
  readonly isSuspect: (subject: Subject) => boolean;
  /** Rejects all that waits. */
  readonly end: () => void;
}

export interface TrialTools {
  readonly line: WorkerLine;
  readonly setAside: SetAside;
  /** Tells a file from what it was before. */
  readonly stampOf: (subject: Subject) => Promise<string>;
}

export function createTrials({ line, setAside, stampOf }: TrialTools): Trials {
  const waiting: Suspect[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let round = 0;

  /** The file's stamp; throws when it is set aside. */
  async function admit(subject: Subject): Promise<string> {
    const stamp = await stampOf(subject);
    setAside.throwUnlessDue(subject, stamp);
    return stamp;
  }

  async function runNext(suspect: Suspect, own: number): Promise<unknown> {
    if (own !== round) {
      throw restarted();
    }
    if (suspect.options.signal?.aborted === true) {
      throw new Cancelled(t("Cancelled."));
    }
    const subject = subjectOf(suspect.request);
    if (subject === undefined) {
      return tryWithEngines(line, suspect);
    }
    const stamp = await admit(subject);
    try {
      const answer = await tryWithEngines(line, suspect);
      setAside.forgive(subject);
      return answer;
    } catch (error) {
      throw isCrash(error) ? setAside.add(subject, { reason: error.stop.reason, stamp }) : error;
    }
  }

  return {
    async run(suspect) {
      const subject = subjectOf(suspect.request);
      if (subject !== undefined && setAside.has(subject)) {
        await admit(subject);
      }
      waiting.push(suspect);
      const own = round;
      const next = async (): Promise<unknown> => runNext(suspect, own);
      const mine = last.then(next, next);
      last = mine;
      try {
        return await mine;
      } finally {
        waiting.splice(waiting.indexOf(suspect), 1);
        if (waiting.length === 0) {
          line.end(); // Its memory goes back to the training.
        }
      }
    },
    isSuspect: ({ key }) => waiting.some(({ request }) => subjectOf(request)?.key === key),
    end() {
      round += 1;
      line.end();
    },
  };
}

/** Whether the process ended over what it was asked. */
function isCrash(error: unknown): error is WorkerStopped {
  return error instanceof WorkerStopped && !error.stop.isAtStart && error.stop.unanswered === undefined;
}

/** Once as it was asked and, where that ends the process and native code may be why, once without any. */
async function tryWithEngines(line: WorkerLine, { request, options, onAgain }: Suspect): Promise<unknown> {
  onAgain();
  try {
    return await line.ask(request, options);
  } catch (error) {
    if (!isCrash(error) || request.kind !== "computeNorms" || request.engine === "simd") {
      throw error;
    }
    onAgain();
    const answer = await line.ask({ ...request, engine: "simd", device: "cpu" }, options);
    const { reason } = error.stop;
    return withNote(answer, t("The compute worker stopped twice ({0}), so the engine simd was used.", reason));
  }
}

/** An answer of a wrong shape is left to who parses it. */
function withNote(answer: unknown, note: string): unknown {
  return typeof answer === "object" && answer !== null && "notes" in answer && Array.isArray(answer.notes)
    ? { ...answer, notes: answer.notes.concat(note) }
    : answer;
}
