import { t } from "@vscode/l10n";
import type { Incidents } from "./incidents.ts";
import type { SetAside } from "./setAside.ts";
import { isAbout, subjectOf } from "./subject.ts";
import type { Subject } from "./subject.ts";
import { createTrials } from "./trials.ts";
import type { Suspect, Trials } from "./trials.ts";
import { WorkerStopped } from "./workerLine.ts";
import type { WorkerLine } from "./workerLine.ts";
import type { Stop } from "./workerSlot.ts";

export interface Asking {
  /** Asks the process that all share; what was open when that ended is asked again. */
  readonly ask: (suspect: Suspect) => Promise<unknown>;
  readonly trials: Trials;
}

export interface AskingTools {
  readonly main: WorkerLine;
  /** For requests that have to be alone. */
  readonly alone: WorkerLine;
  readonly setAside: SetAside;
  readonly incidents: Incidents;
}

export function createAsking({ main, alone, setAside, incidents }: AskingTools): Asking {
  const trials = createTrials({ line: alone, setAside, stampOf });

  /** Tells the files of a request from what they were before. */
  async function stampOf({ paths }: Subject): Promise<string> {
    try {
      return JSON.stringify(await main.ask({ kind: "stamp", paths: [...paths] }, {}));
    } catch (error) {
      if (error instanceof WorkerStopped) {
        incidents.judge(error.stop, true); // Others that were open are judged.
      }
      return "";
    }
  }

  async function ask(suspect: Suspect, timesAgain = 0): Promise<unknown> {
    const subject = subjectOf(suspect.request);
    if (subject !== undefined && (setAside.has(subject) || trials.isSuspect(subject))) {
      return trials.run(suspect);
    }
    try {
      return await main.ask(suspect.request, suspect.options);
    } catch (error) {
      if (!(error instanceof WorkerStopped) || error.stop.isAtStart) {
        throw error;
      }
      return error.stop.unanswered === undefined
        ? tryAlone(suspect, error.stop)
        : askUnless(suspect, { stop: error.stop, path: error.stop.unanswered, timesAgain });
    }
  }

  async function tryAlone(suspect: Suspect, stop: Stop): Promise<unknown> {
    let isBlamed = true;
    try {
      const answer = await trials.run(suspect);
      isBlamed = false;
      return answer;
    } catch (error) {
      isBlamed = !(error instanceof WorkerStopped);
      throw error;
    } finally {
      incidents.judge(stop, isBlamed);
    }
  }

  /** Again at once, unless it is about what the disk does not answer about, or it always comes to that. */
  async function askUnless(suspect: Suspect, { stop, path, timesAgain }: Unanswered): Promise<unknown> {
    incidents.judge(stop, true);
    if (isAbout(suspect.request, path) || timesAgain === MOST_AGAIN) {
      throw new Error(t("{0}: {1}. Try again when it does.", path, stop.reason));
    }
    suspect.onAgain();
    return ask(suspect, timesAgain + 1);
  }

  return { ask, trials };
}

// Others may be about dead disks as well, each of which takes the process with it.
const MOST_AGAIN = 3;

interface Unanswered {
  readonly stop: Stop;
  readonly path: string;
  /** How often it was asked again before. */
  readonly timesAgain: number;
}
