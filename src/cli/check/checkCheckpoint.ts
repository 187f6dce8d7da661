import { judgeCheckpoint } from "#answers/judgeCheckpoint.ts";
import type { CheckpointFile } from "#core/run.ts";
import type { NormsProgress } from "#protocol/workerAnswers.ts";
import { computeNorms } from "#worker/norms/computeNorms.ts";
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
  const findings = await judgeCheckpoint(await computeNorms(path, options), {
    rules: enabled,
    limits: { maxNorm, maxNan },
    measureAdam: async () => readAdamState(path, options),
  });
  return findings.map((finding) => ofCheckpoint(finding, path, step));
}
