import type { Outcome } from "#core/outcome.ts";
import { describeFailure } from "#l10n/failure.ts";
import { t } from "@vscode/l10n";

/** The value, or an Error whose message tells people which file is meant. */
export function valueOf<T>(outcome: Outcome<T>, path: string): T {
  if (outcome.kind === "ok") {
    return outcome.value;
  }
  throw new Error(`${path}: ${describeFailure(outcome)}`);
}

const SYSTEM_ERRORS: Readonly<Record<string, () => string>> = {
  ENOENT: () => t("The file is not there. Was it moved or deleted?"),
  EACCES: () => t("The file may not be read by this user. Check its permissions."),
  EISDIR: () => t("This is a folder, not a file."),
  ENOTDIR: () => t("Part of this path is a file, not a folder."),
  EPERM: () => t("The file may not be read by this user. Check its permissions."),
  ELOOP: () => t("The link leads back to itself."),
  ENAMETOOLONG: () => t("The path is too long for this file system."),
  ESTALE: () => t("The network file system lost the file. Try again."),
  EIO: () => t("The disk or the network file system failed. Try again."),
  ETIMEDOUT: () => t("The network file system did not answer. Try again."),
  EMFILE: () => t("Too many files are open. Try again."),
  ENFILE: () => t("Too many files are open on this machine. Try again."),
  ENOMEM: () => t("The machine has no memory left for it. Try again."),
  ENOSPC: () => t("There is no room left on the disk."),
  EFBIG: () => t("The file may not become as large as it has to be."),
  EDQUOT: () => t("This user may not store any more on this disk."),
  EROFS: () => t("The disk may only be read."),
};

/** One sentence for people; no stack trace. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const sentence = SYSTEM_ERRORS[code]?.();
  const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  return sentence === undefined ? error.message : `${path}${sentence}`;
}
