import { adamFindings } from "#analysis/checkpoints/adamFindings.ts";
import { judgeNorms } from "#analysis/checkpoints/judgeNorms.ts";
import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { NormsProgress } from "#protocol/worker.ts";
import { computeNorms } from "#worker/computeNorms.ts";
import { readAdamState } from "#worker/pairs/readAdamState.ts";
import { ofCheckpoint } from "./checkFinding.ts";
import type { CheckFinding } from "./checkFinding.ts";
import type { Yardstick } from "./checkOptions.ts";

export interface ReadOptions {
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: NormsProgress) => void;
}

/** The findings on one checkpoint by itself. Rejects with a sentence for people when it cannot be read. */
export async function checkCheckpoint(
  { path, step }: Pick<CheckpointFile, "path" | "step">,
  { enabled, maxNorm, maxNan }: Yardstick,
  options: ReadOptions,
): Promise<readonly CheckFinding[]> {
  const norms = await computeNorms(path, options);
  const findings = [
    ...judgeNorms(norms, { maxNorm, maxNan }),
    ...(enabled.has("GN301") || enabled.has("GN502") ? await judgeAdam(path, options) : []),
  ];
  return findings.filter(({ rule }) => enabled.has(rule)).map((finding) => ofCheckpoint(finding, path, step));
}

async function judgeAdam(path: string, options: ReadOptions): Promise<readonly CheckpointFinding[]> {
  const adam = await readAdamState(path, options);
  return adam === null ? [] : adamFindings(adam, null);
}
