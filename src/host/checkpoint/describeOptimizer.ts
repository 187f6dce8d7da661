import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import type { OptimizerReview, ReviewedGradient } from "#analysis/checkpoints/review.ts";
import type { AdamRow, AdamShown, ShownFinding } from "#protocol/checkpointTabs.ts";

/** What Adam's moments tell, for the page. */
export function describeOptimizer(review: OptimizerReview): AdamShown {
  const { gradients, globalNorm, steps, findings, notes } = review;
  const beta2 = gradients[0]?.parameter.beta2;
  return {
    rows: gradients.map(describeGradient),
    globalNorm,
    steps: [...steps],
    memory: beta2 === undefined || beta2 >= 1 ? null : 1 / (1 - beta2),
    ratios: sumOf(gradients.map(({ parameter }) => parameter.sums.ratios)),
    findings: describeFindings(findings),
    notes: [...notes],
  };
}

export function describeFindings(findings: readonly CheckpointFinding[]): ShownFinding[] {
  return findings.map(({ rule, severity, tensor, message }) => ({ rule, severity, tensor, message }));
}

function describeGradient({ parameter, norm, rms, noise, updateRatio }: ReviewedGradient): AdamRow {
  const { name, elements, step, sums } = parameter;
  const signal = noise?.signal ?? null;
  const share = (count: number): number => (elements === 0 ? 0 : count / elements);
  return {
    name,
    elements,
    step,
    norm,
    rms,
    signal: signal === null ? null : Math.sqrt(signal),
    noise: noise === null ? null : Math.sqrt(noise.variance),
    noiseScale: noise?.noiseScale ?? null,
    isBelowNoise: noise !== null && signal === null,
    updateRatio,
    belowEpsilon: share(sums.belowEpsilon),
    zeros: share(sums.zeros),
    nonFinite: sums.nonFinite,
  };
}

/** Bin by bin. */
function sumOf(histograms: readonly (readonly number[])[]): number[] {
  const sum: number[] = [];
  for (const counts of histograms) {
    for (const [bin, count] of counts.entries()) {
      sum[bin] = (sum[bin] ?? 0) + count;
    }
  }
  return sum;
}
