import process from "node:process";

export interface Pausable {
  /** Gives the terminal back. */
  readonly pause: () => void;
  /** Takes it again. */
  readonly resume: () => void;
}

const INTERRUPTED = 130;
const TERMINATED = 143;
const HUNG_UP = 129;

/** The exit code, once somebody ends the program: Ctrl+C, kill, or the end of the terminal. Ctrl+Z stops it for a while. */
export async function whenEnded(signal: AbortSignal, { pause, resume }: Pausable): Promise<number> {
  const ended = Promise.withResolvers<number>();
  const interrupted = (): void => ended.resolve(INTERRUPTED);
  const terminated = (): void => ended.resolve(TERMINATED);
  const hungUp = (): void => ended.resolve(HUNG_UP);
  const stopped = (): void => {
    pause();
    process.kill(process.pid, "SIGSTOP");
  };
  signal.addEventListener("abort", interrupted);
  process.on("SIGTERM", terminated).on("SIGHUP", hungUp).on("SIGTSTP", stopped).on("SIGCONT", resume);
  process.on("exit", pause); // Also after a surprise the cursor is there again.
  if (signal.aborted) {
    interrupted();
  }
  try {
    return await ended.promise;
  } finally {
    signal.removeEventListener("abort", interrupted);
    process.off("SIGTERM", terminated).off("SIGHUP", hungUp).off("SIGTSTP", stopped).off("SIGCONT", resume);
    process.off("exit", pause);
  }
}
