import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { AdamState, CheckpointComparison } from "#core/comparison.ts";
import { plainName } from "#core/names/plainName.ts";
import { type AdamGradient, adamGradient } from "./adam.ts";
import { adamFindings } from "./adamFindings.ts";
import { depthFindings, type DepthProfile, depthProfiles } from "./depthProfile.ts";
import { updateFindings } from "./updateFindings.ts";
import { type TensorUpdate, updateOf } from "./updates.ts";

/** What a comparison of two checkpoints means. */
export interface ComparisonReview {
  /** In the order of the comparison. */
  readonly updates: readonly TensorUpdate[];
  readonly adam: { readonly before: AdamReview | null; readonly after: AdamReview | null };
  readonly profiles: readonly DepthProfile[];
  readonly findings: readonly CheckpointFinding[];
}

export interface AdamReview {
  readonly gradients: readonly ReviewedGradient[];
  /** sqrt of the sum of the squared norms; NaN when one is. */
  readonly globalNorm: number;
  /** Steps that parameters have taken, fewest first: more than one when some had no gradient on some steps. */
  readonly steps: readonly number[];
  readonly notes: readonly string[];
}

export interface ReviewedGradient extends AdamGradient {
  /** The next update's length by the weight's, without weight decay; null where the learning rate or the weight is not known. */
  readonly updateRatio: number | null;
}

/** The checkpoints lie `steps` apart, as far as anybody knows. */
export function reviewComparison(comparison: CheckpointComparison, steps: number | null): ComparisonReview {
  const { before, after } = comparison;
  const updates = comparison.tensors.map((tensor) => updateOf(tensor, steps));
  const weights = updates.filter(({ tensor }) => tensor.kind === "weight");
  const normsBefore = normsByName(weights, ({ tensor }) => tensor.change.before);
  const normsAfter = normsByName(weights, ({ tensor }) => tensor.change.after);
  const afterAdam = after.adam === null ? null : reviewAdam(after.adam, normsAfter);
  const profiles = depthProfiles(
    (afterAdam?.gradients ?? []).map(({ parameter: { name, elements }, norm }) => ({ name, norm, elements })),
  );
  const hasMasterWeights = before.hasMasterWeights || after.hasMasterWeights;
  return {
    updates,
    adam: { before: before.adam === null ? null : reviewAdam(before.adam, normsBefore), after: afterAdam },
    profiles,
    findings: [
      ...(after.adam === null ? [] : adamFindings(after.adam, before.adam)),
      ...depthFindings(profiles),
      ...updateFindings(updates, { steps, hasMasterWeights }),
    ],
  };
}

/** What one checkpoint's optimizer means. `weightNorms` are by plain name; without a weight's its ratio is null. */
export interface OptimizerReview extends AdamReview {
  readonly profiles: readonly DepthProfile[];
  readonly findings: readonly CheckpointFinding[];
}

export function reviewOptimizer(adam: AdamState, weightNorms: ReadonlyMap<string, number>): OptimizerReview {
  const review = reviewAdam(adam, weightNorms);
  const profiles = depthProfiles(
    review.gradients.map(({ parameter: { name, elements }, norm }) => ({ name, norm, elements })),
  );
  return { ...review, profiles, findings: [...adamFindings(adam, null), ...depthFindings(profiles)] };
}

function normsByName(
  updates: readonly TensorUpdate[],
  normOf: (update: TensorUpdate) => number,
): ReadonlyMap<string, number> {
  return new Map(updates.map((update) => [update.address.plain, normOf(update)]));
}

function reviewAdam({ parameters, notes }: AdamState, weightNorms: ReadonlyMap<string, number>): AdamReview {
  const gradients = parameters.map((parameter) => {
    const { learningRate, sums, name } = parameter;
    const weight = weightNorms.get(plainName(name)) ?? 0;
    const updateRatio = learningRate === null || !(weight > 0) ? null : (learningRate * sums.update) / weight;
    return { ...adamGradient(parameter), updateRatio };
  });
  const squares = parameters.reduce((sum, { sums }) => sum + sums.squaredGradient, 0);
  const steps = new Set(parameters.flatMap(({ step }) => step ?? []));
  return { gradients, globalNorm: Math.sqrt(squares), steps: [...steps].toSorted((a, b) => a - b), notes };
}
