import { t } from "@vscode/l10n";
import type { Uri } from "vscode";

/**
 * The path of a file or folder that lies on a disk. Throws a sentence for people when it does not: others cannot be read in
 * ranges.
 */
export function localPath({ scheme, fsPath }: Uri): string {
  if (scheme !== "file") {
    throw new Error(
      t(
        "Gradlens reads logs and checkpoints from a disk only, in ranges, and this is in the virtual file system “{0}”. Copy it into a folder first.",
        scheme,
      ),
    );
  }
  return fsPath;
}
