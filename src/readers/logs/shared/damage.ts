import { formatBytes } from "#core/format.ts";
import type { ProblemList } from "#core/problems.ts";
import { t } from "@vscode/l10n";

/** Bytes of a binary log that are passed over, told as one problem each time whole records follow. */
export interface Damage {
  readonly begin: (at: number) => void;
  /** Ends the damage, if there is any, before the record that begins at `at`. */
  readonly end: (at: number, record: number) => void;
}

export function createDamage(problems: ProblemList): Damage {
  let from: number | null = null;
  return {
    begin(at) {
      from ??= at;
    },
    end(at, record) {
      if (from !== null && at > from) {
        problems.add(record, t("From byte {0} on {1} are damaged and were passed over.", from, formatBytes(at - from)));
      }
      from = null;
    },
  };
}

export function tooLong(at: number, bytes: number): string {
  return t("The record at byte {0} has {1} and was passed over: samples are smaller.", at, formatBytes(bytes));
}

/** End of what was written. Network file systems show NUL bytes at a file's end before the data arrives. */
export function writtenEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end -= 1;
  }
  return end;
}
