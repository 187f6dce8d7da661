import { basename, dirname } from "node:path";
import type { ComparisonReview } from "#analysis/checkpoints/review.ts";
import type { StepsBetween } from "#analysis/checkpoints/stepsBetween.ts";
import type { TensorUpdate } from "#analysis/checkpoints/updates.ts";
import { wholeUpdate } from "#analysis/checkpoints/wholeUpdate.ts";
import type { CheckpointComparison } from "#core/comparison.ts";
import type { ComparisonShown, UpdateRow } from "#protocol/checkpointTabs.ts";
import { describeFindings } from "./describeOptimizer.ts";

export interface DescribedComparison {
  readonly paths: readonly [before: string, after: string];
  readonly comparison: CheckpointComparison;
  readonly steps: StepsBetween | null;
  readonly review: ComparisonReview;
}

/** Two checkpoints side by side, for the page. */
export function describeComparison({ paths, comparison, steps, review }: DescribedComparison): ComparisonShown {
  const { reshaped, added, missing, unmeasured, readBytes, seconds, notes } = comparison;
  return {
    before: nameOf(paths[0]),
    after: nameOf(paths[1]),
    steps,
    whole: wholeUpdate(comparison, steps?.count ?? null),
    updates: review.updates.map(describeUpdate),
    reshaped: reshaped.map(({ name, shapeBefore, shapeAfter }) => ({
      name,
      shapeBefore: [...shapeBefore],
      shapeAfter: [...shapeAfter],
    })),
    added: [...added],
    missing: [...missing],
    unmeasured: [...unmeasured],
    findings: describeFindings(review.findings),
    readBytes,
    seconds,
    notes: [...notes],
  };
}

/** Checkpoints are told apart by their folders more often than by their names. */
function nameOf(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}

function describeUpdate({ tensor, relative, perStep, cosine, isUnmoved }: TensorUpdate): UpdateRow {
  const { name, kind, shape, elements, change } = tensor;
  return {
    name,
    kind,
    shape: [...shape],
    elements,
    before: change.before,
    after: change.after,
    delta: change.delta,
    relative,
    perStep,
    cosine,
    changed: elements === 0 ? 0 : change.changed / elements,
    maxDelta: change.maxDelta,
    isUnmoved,
  };
}
