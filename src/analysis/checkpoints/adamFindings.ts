import type { AdamState } from "#core/comparison.ts";
import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { formatNumber } from "#core/format.ts";
import { addressOf } from "#core/names/tensorAddress.ts";
import { t } from "@vscode/l10n";
import { type AdamGradient, adamGradient } from "./adam.ts";

/** GN301 and GN502 for Adam's state, and what became of it since the checkpoint before. */
export function adamFindings(after: AdamState, before: AdamState | null): readonly CheckpointFinding[] {
  const gradients = after.parameters.map(adamGradient);
  const dead = gradients.filter(({ norm }) => norm === 0);
  if (gradients.length > 0 && dead.length === gradients.length) {
    return lostState(gradients, before);
  }
  return [
    ...dead.flatMap((gradient) => deadTensor(gradient, dead.length / gradients.length)),
    ...gradients.flatMap(nearEpsilon),
  ];
}

/** A state that was just created is zero; one that took many steps, or had values before, was not restored. */
const MANY_STEPS = 100;

function lostState(gradients: readonly AdamGradient[], before: AdamState | null): CheckpointFinding[] {
  const step = gradients.reduce((most, { parameter }) => Math.max(most, parameter.step ?? 0), 0);
  const hadValues = before?.parameters.some(({ sums }) => sums.squaredGradient > 0) === true;
  if (step < MANY_STEPS && !hadValues) {
    return [];
  }
  return [
    {
      rule: "GN301",
      severity: "error",
      tensor: null,
      value: 0,
      limit: 0,
      message: hadValues
        ? t(
            "All of Adam's second moments are zero. The checkpoint before had values: they were not restored. Look at how the optimizer's state is loaded.",
          )
        : t(
            "All of Adam's second moments are zero. It counts {0} steps. Look at how the optimizer's state is loaded.",
            step,
          ),
    },
  ];
}

const MANY_TENSORS = 0.1;

/** GN301. The key's bias has no gradient by construction: softmax does not see it. */
function deadTensor({ parameter }: AdamGradient, share: number): CheckpointFinding[] {
  const { name, step, elements } = parameter;
  if (step === null || step < MANY_STEPS || elements === 0 || KEY_BIAS.test(name)) {
    return [];
  }
  return [
    {
      rule: "GN301",
      severity: share >= MANY_TENSORS ? "error" : "warning",
      tensor: name,
      value: 0,
      limit: 0,
      message: t("{0} has received no gradient: Adam's second moment is all zero after {1} steps.", name, step),
    },
  ];
}

const KEY_BIAS = /(?:^|[./])(?:k_proj|key|k)[./]bias(?:$|[./])/;

const HALF = 0.5;
/** Gradients that are not ten times ε are damped by more than a tenth. */
const NEAR = 10;

/** GN502. An embedding's rows that no batch had are zero, so of embeddings only the RMS counts. */
function nearEpsilon({ parameter, norm, rms }: AdamGradient): CheckpointFinding[] {
  const { name, epsilon, elements, sums } = parameter;
  const isSparse = addressOf(name).role === "embedding";
  const below = isSparse ? 0 : sums.belowEpsilon / elements;
  if (norm === 0 || !Number.isFinite(norm) || KEY_BIAS.test(name) || (rms > NEAR * epsilon && below < HALF)) {
    return [];
  }
  const [own, eps] = [formatNumber(rms), formatNumber(epsilon)];
  const damped = t("{0}: gradient RMS {1} is near Adam's eps {2}; its updates are damped.", name, own, eps);
  return [
    {
      rule: "GN502",
      severity: "info",
      tensor: name,
      value: rms,
      limit: epsilon,
      message:
        below < HALF
          ? damped
          : t("{0} {1} % of its elements have gradients below it.", damped, Math.round(below * 100)),
    },
  ];
}
