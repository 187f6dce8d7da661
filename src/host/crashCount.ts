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
  readonly add: (reason: string) => void;
  /** Lets it be started again; the last one stays known. */
  readonly forget: () => void;
  readonly throwIfMany: () => void;
  readonly last: () => Crash | null;
}

export function createCrashCount(now: () => number): CrashCount {
  let crashes: Crash[] = [];
  let last: Crash | null = null;
  return {
    add(reason) {
      last = { reason, atMs: now() };
      crashes.push(last);
    },
    forget() {
      crashes = [];
    },
    throwIfMany() {
      crashes = crashes.filter(({ atMs }) => Math.abs(now() - atMs) < CRASH_WINDOW_MS); // A clock may be set.
      if (crashes.length >= MAX_CRASHES) {
        throw new Error(
          t(
            'The compute worker stopped {0} times in five minutes. Run "Gradlens: Restart Compute Worker" to try again.',
            crashes.length,
          ),
        );
      }
    },
    last: () => last,
  };
}
