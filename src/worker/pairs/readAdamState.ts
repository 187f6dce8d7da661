import type { AdamState } from "#core/comparison.ts";
import { threadCount } from "../norms/computeNorms.ts";
import { openCheckpoint } from "../checkpoints/openCheckpoint.ts";
import { measureAdam } from "./measureAdam.ts";

/** Adam's moments of one checkpoint; null where it has none. Rejects with a sentence for people. */
export async function readAdamState(
  path: string,
  { threads, signal }: { readonly threads: number; readonly signal: AbortSignal },
): Promise<AdamState | null> {
  const checkpoint = await openCheckpoint(path);
  try {
    return await measureAdam(checkpoint, { threads: threadCount(threads), signal, onAdvance: () => undefined });
  } finally {
    await checkpoint.close();
  }
}
