import type { AdamState } from "#core/comparison.ts";
import { storedBytes } from "#core/tensorPart.ts";
import { threadCount } from "../norms/computeNorms.ts";
import { createProgress } from "../norms/progress.ts";
import { withCheckpoint } from "../checkpoints/withCheckpoint.ts";
import type { CompareOptions } from "./compareCheckpoints.ts";
import { measureAdam } from "./measureAdam.ts";

/** What Adam's moments in one checkpoint tell; null where there are none. Rejects with a sentence for people. */
export async function measureAdamOf(path: string, options: CompareOptions): Promise<AdamState | null> {
  const { threads, signal, onProgress } = options;
  return withCheckpoint(path, async (checkpoint) => {
    const moments = checkpoint.tensors.filter(({ kind }) => kind === "moment1" || kind === "moment2");
    const totalBytes = moments.reduce((total, entry) => total + storedBytes(entry), 0);
    const progress = createProgress(totalBytes, onProgress);
    return measureAdam(checkpoint, { threads: threadCount(threads), signal, onAdvance: progress.advance });
  });
}
