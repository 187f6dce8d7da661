import { t } from "@vscode/l10n";
// More crashes than this in five minutes are no accident; starting again would only heat the machine.
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 5 * 60_000;

export interface Crash {
  readonly reason: string;
  readonly atMs: number;
}

/** The crashes of the compute process, and whether it may be started again. */
export interface CrashCount {
  /** It crashed; whether that counts is told later. */
  readonly note: (reason: string) => void;
  /** A crash that no file is to blame for. */
  readonly count: () => void;
  /** Lets it be started again; the last one stays known. */
  readonly forget: () => void;
  readonly throwIfMany: () => void;
  readonly last: () => Crash | null;
}

/** `restart`: what starts it again, as people call it. */
export function createCrashCount(now: () => number, restart: () => string): CrashCount {
  let countedAtMs: number[] = [];
  let last: Crash | null = null;
  return {
    note: (reason) => void (last = { reason, atMs: now() }),
    count: () => void countedAtMs.push(now()),
    forget: () => void (countedAtMs = []),
    throwIfMany() {
      countedAtMs = countedAtMs.filter((atMs) => Math.abs(now() - atMs) < CRASH_WINDOW_MS); // A clock may be set.
      if (countedAtMs.length >= MAX_CRASHES) {
        throw new Error(
          t(
            "The compute worker stopped {0} times in five minutes. Try again in five minutes, or after {1}.",
            countedAtMs.length,
            restart(),
          ),
        );
      }
    },
    last: () => last,
  };
}
