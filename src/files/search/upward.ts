import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { t } from "@vscode/l10n";
import { isFolder } from "../isFolder.ts";
import { tracked } from "../openCalls.ts";
import { openForReading } from "../readHandle.ts";
import { readUpTo } from "../readRange.ts";

/** The nearest file of a name: in the folder, or beside the file, that is given, or in a folder above, but not above `top`. */
export async function findUpward(start: string, name: string, top?: string): Promise<string | undefined> {
  let folder = (await isFolder(start).catch(() => false)) ? start : dirname(start);
  for (;;) {
    const path = join(folder, name);
    if (await isFile(path)) {
      return path;
    }
    const above = dirname(folder);
    if (above === folder || folder === top) {
      return undefined;
    }
    folder = above;
  }
}

/** What may not be looked at is not there. */
async function isFile(path: string): Promise<boolean> {
  return tracked(path, stat(path)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** The text of a small file. Rejects when it is larger. */
export async function readSmallText(path: string, maxBytes: number): Promise<string> {
  const file = await openForReading(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new Error(t("{0}: {1} bytes are more than the {2} that are read.", path, size, maxBytes));
    }
    return (await readUpTo(file, 0, size)).toString("utf8");
  } finally {
    await file.close();
  }
}
