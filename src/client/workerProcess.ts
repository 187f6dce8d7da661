import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { constants, setPriority } from "node:os";
import { currentLanguage, isEnglish } from "#l10n/language.ts";
import type { Language } from "#l10n/language.ts";
import type { ToWorker } from "#protocol/worker.ts";

/**
 * Starts the compute process. It is a process, not a thread: a native crash must not take other extensions down. Arguments
 * are its own (`worker/main.ts`): after how many milliseconds without a request it ends itself, and after how many the disk has
 * not answered.
 */
export function startWorkerProcess(
  script: string,
  onOutput: (text: string) => void,
  args: readonly string[] = [],
  language = currentLanguage(),
): ChildProcess {
  const child = fork(script, args, {
    execPath: process.execPath,
    execArgv: [],
    env: workerEnvironment(),
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child.stdout?.on("data", (data: Buffer) => onOutput(data.toString().trimEnd()));
  child.stderr?.on("data", (data: Buffer) => onOutput(data.toString().trimEnd()));
  tellLanguage(child, language);
  lowerPriority(child, onOutput);
  return child;
}

function workerEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("VSCODE_") && name !== "NODE_OPTIONS",
  );
  // Threads have a copy of the environment, so what native code shall see is there from the start (loadOnnxRuntime.ts).
  return { ...Object.fromEntries(inherited), ELECTRON_RUN_AS_NODE: "1", ORT_DISABLE_TELEMETRY: "1" };
}

/** The first it hears, so that all it says is in the language: of the editor, if nothing else is asked for. */
function tellLanguage(child: ChildProcess, language: Language): void {
  if (!isEnglish(language)) {
    const message: ToWorker = { kind: "language", name: language.name, texts: { ...language.texts } };
    child.send(message, () => undefined); // One that cannot be sent means the process is going.
  }
}

/** The training's data loader comes first. */
function lowerPriority({ pid }: ChildProcess, onOutput: (text: string) => void): void {
  if (pid === undefined) {
    return;
  }
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    onOutput(`The worker runs at normal priority: ${String(error)}`);
  }
}
