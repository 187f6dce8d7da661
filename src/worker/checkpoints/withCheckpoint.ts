import { wasWritten } from "#files/checkpoints/unchanged.ts";
import { t } from "@vscode/l10n";
import { openCheckpoint } from "./openCheckpoint.ts";
import type { OpenCheckpoint } from "./openCheckpoint.ts";

/**
 * Opens a checkpoint for one computation and closes it afterwards. Rejects when one of its files was written in its place
 * meanwhile: what was read would be numbers of two versions, and belong to neither.
 */
export async function withCheckpoint<T>(path: string, compute: (checkpoint: OpenCheckpoint) => Promise<T>): Promise<T> {
  const checkpoint = await openCheckpoint(path);
  try {
    const result = await compute(checkpoint);
    await refuseWritten(checkpoint);
    return result;
  } finally {
    await checkpoint.close();
  }
}

async function refuseWritten({ sources }: OpenCheckpoint): Promise<void> {
  const written = await Promise.all(sources.map(async ([, source]) => ((await wasWritten(source)) ? source.path : [])));
  const [first] = written.flat();
  if (first !== undefined) {
    throw new Error(t("{0}: The file was written while it was read. Try again.", first));
  }
}
