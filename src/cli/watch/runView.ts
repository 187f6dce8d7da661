import { mainName } from "#analysis/normNames.ts";
import { unitOf } from "#core/series.ts";
import { basename } from "node:path";
import type { Finding } from "#core/finding.ts";
import { ALL_STEPS } from "#store/columns/bucket.ts";
import type { Bucket, Sample } from "#store/columns/bucket.ts";
import type { Run } from "#store/run.ts";

/** What a terminal shows of a run. */
export interface RunView {
  readonly id: string;
  readonly name: string;
  /** Undefined while no global norm was read. */
  readonly norm: Sample | undefined;
  /** Where the run has several. */
  readonly normName: string | null;
  /** What its step counts. */
  readonly unit: ReturnType<typeof unitOf>;
  readonly loss: Sample | undefined;
  readonly learningRate: Sample | undefined;
  readonly threshold: number | undefined;
  /** At most so many as were asked for, the oldest first. */
  readonly buckets: readonly Bucket[];
  readonly findings: readonly Finding[];
  /** Seconds since the last news; undefined when it is not to be shown. */
  readonly idleSeconds: number | undefined;
}

export interface ViewOptions {
  readonly findings: readonly Finding[];
  readonly width: number;
  readonly idleSeconds: number | undefined;
}

export function viewOf(run: Run, { findings, width, idleSeconds }: ViewOptions): RunView {
  const norms = run.first("globalNorm");
  return {
    id: run.id,
    name: basename(run.id),
    norm: norms?.last(),
    normName: mainName(run),
    unit: unitOf(norms?.key.axis),
    loss: run.first("loss")?.last(),
    learningRate: run.first("learningRate")?.last(),
    threshold: run.clipThreshold()?.value,
    buckets: norms?.buckets(ALL_STEPS, width) ?? [],
    findings,
    idleSeconds,
  };
}
