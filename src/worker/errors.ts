import type { Outcome } from "#core/outcome.ts";
import { describeFailure } from "#core/outcome.ts";

/** The value, or an Error whose message tells people which file is meant. */
export function valueOf<T>(outcome: Outcome<T>, path: string): T {
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(`${path}: ${describeFailure(outcome)}`);
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: "The file is not there. Was it moved or deleted?",
  EACCES: "The file may not be read by this user. Check its permissions.",
  EISDIR: "This is a folder, not a file.",
  ENOTDIR: "Part of this path is a file, not a folder.",
  EPERM: "The file may not be read by this user. Check its permissions.",
  ELOOP: "The link leads back to itself.",
  ENAMETOOLONG: "The path is too long for this file system.",
  ESTALE: "The network file system lost the file. Try again.",
  EIO: "The disk or the network file system failed. Try again.",
  ETIMEDOUT: "The network file system did not answer. Try again.",
  EMFILE: "Too many files are open. Try again.",
  ENFILE: "Too many files are open on this machine. Try again.",
  ENOMEM: "The machine has no memory left for it. Try again.",
  ENOSPC: "There is no room left on the disk.",
  EFBIG: "The file may not become as large as it has to be.",
  EDQUOT: "This user may not store any more on this disk.",
  EROFS: "The disk may only be read.",
};

/** One sentence for people; no stack trace. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const sentence = SYSTEM_ERRORS[code];
  const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  return sentence === undefined ? error.message : `${path}${sentence}`;
}
