import { basename } from "node:path";
import { t } from "@vscode/l10n";
import type { Subject } from "./subject.ts";

/** Files that ended the compute process twice, and are not read until they change, so that others are. */
export interface SetAside {
  /** What to reject with from now on. */
  readonly add: (subject: Subject, why: Why) => Error;
  /** Whether it was set aside, be it due again or not. */
  readonly has: (subject: Subject) => boolean;
  /** Throws for a file that is as it was, or that changes and ends the process again and again. */
  readonly throwUnlessDue: (subject: Subject, stamp: string) => void;
  readonly forgive: (subject: Subject) => void;
  readonly forget: () => void;
}

export interface Why {
  readonly reason: string;
  /** Tells the file as it was when it was tried. */
  readonly stamp: string;
}

interface Entry extends Why {
  readonly times: number;
  readonly atMs: number;
}

/** `restart`: after what everything is tried again, as people call it. */
export function createSetAside(now: () => number, restart: () => string): SetAside {
  const entries = new Map<string, Entry>();
  const refusal = ({ paths }: Subject, reason: string): Error =>
    new Error(
      t(
        "{0}: The compute worker stopped twice while it read this ({1}), so it is set aside and other files are read. It is tried again when it changes, or after {2}.",
        paths.map((path) => basename(path)).join(", "),
        reason,
        restart(),
      ),
    );
  return {
    add(subject, { reason, stamp }) {
      const times = (entries.get(subject.key)?.times ?? 0) + 1;
      entries.set(subject.key, { reason, stamp, times, atMs: now() });
      return refusal(subject, reason);
    },
    has: ({ key }) => entries.has(key),
    throwUnlessDue(subject, stamp) {
      const entry = entries.get(subject.key);
      if (entry !== undefined && (entry.stamp === stamp || Math.abs(now() - entry.atMs) < restMs(entry.times))) {
        throw refusal(subject, entry.reason);
      }
    },
    forgive: ({ key }) => void entries.delete(key),
    forget: () => entries.clear(),
  };
}

// A log that grows changes every second. The first change is believed, later ones are tried ever less often.
const REST_MS = 60_000;
const LONGEST_REST_MS = 15 * 60_000;

function restMs(times: number): number {
  return Math.min((times - 1) * REST_MS, LONGEST_REST_MS);
}
