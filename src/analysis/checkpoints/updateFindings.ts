import type { CheckpointFinding } from "#core/checkpointFinding.ts";
import { formatNumber } from "#core/format.ts";
import type { TensorRole } from "#core/names/roles.ts";
import { t } from "@vscode/l10n";
import type { TensorUpdate } from "./updates.ts";

export interface UpdateContext {
  readonly steps: number | null;
  /** Whether float32 copies of the weights lie beside either checkpoint: then bfloat16 is only how they were saved. */
  readonly hasMasterWeights: boolean;
}

/** GN501 and GN504 for the weights of two checkpoints. Unmoved tensors are listed elsewhere: they may be frozen on purpose. */
export function updateFindings(updates: readonly TensorUpdate[], context: UpdateContext): readonly CheckpointFinding[] {
  return updates
    .filter(({ tensor, isUnmoved }) => tensor.kind === "weight" && !isUnmoved && !tensor.isTied)
    .flatMap((update) => [...outsideBand(update), ...roundedAway(update, context)]);
}

/** Update-to-weight ratios per step that are usual for matrices; a rule of thumb, so information only. */
const BAND = { low: 1e-5, high: 1e-2 } as const;

/** Matrices whose size means something: smaller ones were zero at the start. */
const SMALLEST_NORM = 1e-6;

const NOT_JUDGED: ReadonlySet<TensorRole> = new Set(["embedding", "norm", "bias", "loraB"]);

/** GN501: only where the whole interval is outside. */
function outsideBand({ tensor, address, perStep }: TensorUpdate): CheckpointFinding[] {
  const isJudged = tensor.shape.length >= 2 && !NOT_JUDGED.has(address.role) && tensor.change.before >= SMALLEST_NORM;
  if (!isJudged || perStep === null || (perStep.high >= BAND.low && perStep.low <= BAND.high)) {
    return [];
  }
  const isSmall = perStep.high < BAND.low;
  const [low, high] = [formatNumber(perStep.low), formatNumber(perStep.high)];
  return [
    {
      rule: "GN501",
      severity: "info",
      tensor: tensor.name,
      value: isSmall ? perStep.high : perStep.low,
      limit: isSmall ? BAND.low : BAND.high,
      message: t("{0}: update/weight is {1} to {2} per step, outside 1e-5 to 1e-2.", tensor.name, low, high),
    },
  ];
}

const MOST = 0.5;

/** GN504: bfloat16 keeps 8 significant bits, so a change below 2⁻⁹ of an element leaves it as it was. */
function roundedAway({ tensor }: TensorUpdate, { steps, hasMasterWeights }: UpdateContext): CheckpointFinding[] {
  const { name, dtype, dtypeBefore, elements, change } = tensor;
  const share = change.roundedAway / elements;
  if (dtype !== "BF16" || dtypeBefore !== "BF16" || hasMasterWeights || share < MOST) {
    return [];
  }
  const percent = Math.round(share * 100);
  return [
    {
      rule: "GN504",
      severity: "info",
      tensor: name,
      value: share,
      limit: MOST,
      message:
        steps === null
          ? t(
              "{0}: {1} % of its elements did not move between the checkpoints. Most updates round away in bfloat16, unless float32 weights are kept elsewhere.",
              name,
              percent,
            )
          : t(
              "{0}: {1} % of its elements did not move in {2} steps. Most updates round away in bfloat16, unless float32 weights are kept elsewhere.",
              name,
              percent,
              steps,
            ),
    },
  ];
}
