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
  ESTALE: "The network file system lost the file. Try again.",
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
