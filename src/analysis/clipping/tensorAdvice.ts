import { medianOfSorted } from "#core/quantile.ts";
import { t } from "@vscode/l10n";
import { createAdaGc } from "./adaGc.ts";
import type { Caution } from "./cautions.ts";
import { createFixedClipper, measureClipper } from "./clipper.ts";
import type { ClipperEffect } from "./clipper.ts";
import { findDominance } from "./dominance.ts";
import type { ClipHistory } from "./history.ts";
import { roundThreshold } from "#core/clipping/roundThreshold.ts";
import { limitsByShare, splitBySize, splitEvenly } from "./tensorLimits.ts";
import type { TensorNorms } from "./tensorNorms.ts";

/** A limit for each tensor, with what the limits together would have done. */
export interface TensorPlan {
  readonly method: "quantile" | "adagc" | "evenSplit" | "sizeSplit";
  readonly limits: readonly number[];
  readonly effect: ClipperEffect;
  readonly reason: string;
}

export interface TensorAdvice {
  readonly names: readonly string[];
  readonly steps: number;
  /** What the plans were measured on. */
  readonly norms: TensorNorms;
  /** The first is the one to show; there is at least one. */
  readonly plans: readonly [TensorPlan, ...TensorPlan[]];
}

export interface TensorAdviceOptions {
  /** A global threshold to split; undefined when there is none. */
  readonly threshold: number | undefined;
  readonly digits: 2 | 3;
  /** Elements of each tensor, where known. */
  readonly elements?: readonly number[] | undefined;
}

const CLIPPED_SHARE = 0.1;

/** Limits per tensor and the direction change they cause. Undefined when no step has all tensors. */
export function adviseTensors(tensors: TensorNorms, options: TensorAdviceOptions): TensorAdvice | undefined {
  const { threshold, digits, elements } = options;
  const steps = (tensors.rows[0]?.length ?? 0) - tensors.start;
  if (steps <= 0) {
    return undefined;
  }
  const plan = (method: TensorPlan["method"], limits: Float64Array, reason: string): TensorPlan => {
    const rounded = limits.map((limit) => roundThreshold(limit, digits));
    return {
      method,
      limits: Array.from(rounded),
      effect: measureClipper(tensors, createFixedClipper(rounded)),
      reason,
    };
  };
  const splits =
    threshold === undefined
      ? []
      : [
          plan("evenSplit", splitEvenly(threshold, tensors.rows.length), bySplitting()),
          ...(elements === undefined ? [] : [plan("sizeSplit", splitBySize(threshold, elements), bySize())]),
        ];
  return {
    names: tensors.names,
    steps,
    norms: tensors,
    plans: [
      plan("quantile", limitsByShare(tensors, CLIPPED_SHARE), byQuantile()),
      plan("adagc", limitsOfAdaGc(tensors), byAdaGc()),
      ...splits,
    ],
  };
}

function byQuantile(): string {
  return t("Clips the largest tenth of each tensor's norms.");
}

function byAdaGc(): string {
  return t("1.05 × each tensor's running norm at the last step (AdaGC), kept fixed.");
}

function bySplitting(): string {
  return t("The global threshold over the root of the number of tensors.");
}

function bySize(): string {
  return t("The global threshold by each tensor's number of elements: the same root mean square for all.");
}

const LOW_COSINE = 0.9;
const SUM_TOLERANCE = 0.01;

/** What the norms of the tensors say beside the global norm. */
export function tensorCautions(
  tensors: TensorNorms,
  history: ClipHistory,
  advice: TensorAdvice | undefined,
): readonly Caution[] {
  const dominance = findDominance(tensors);
  const ratio = sumRatio(tensors, history);
  const [plan] = advice?.plans ?? [];
  const isTurned = plan !== undefined && plan.effect.cosine < LOW_COSINE;
  return [
    ...(dominance === undefined ? [] : [{ kind: "dominance", message: dominance.message } as const]),
    ...(ratio === undefined || Math.abs(ratio - 1) <= SUM_TOLERANCE
      ? []
      : [{ kind: "tensorSum", message: describeSum(ratio) } as const]),
    ...(isTurned ? [{ kind: "direction", message: describeTurn(plan.effect.cosine) } as const] : []),
  ];
}

function describeSum(ratio: number): string {
  const times = ratio.toPrecision(3);
  return ratio < 1
    ? t(
        "The norms of the tensors together are {0} × the global norm in the median: some tensors are not logged, or the two are measured differently.",
        times,
      )
    : t(
        "The norms of the tensors together are {0} × the global norm in the median: the two are measured differently, as before and after clipping.",
        times,
      );
}

function describeTurn(cosine: number): string {
  return t(
    "These limits per tensor turn the gradient (cosine {0} in the median); a global threshold keeps its direction.",
    cosine.toFixed(3),
  );
}

/** Median over the steps of sqrt(Σ N²) over the logged global norm. */
function sumRatio({ rows, steps, start }: TensorNorms, history: ClipHistory): number | undefined {
  const globals = new Map(Array.from(history.steps, (step, index) => [step, history.norms[index] ?? Number.NaN]));
  const ratios = steps.subarray(start).map((step, index) => {
    const squares = rows.reduce((sum, row) => sum + (row[start + index] ?? 0) ** 2, 0);
    return Math.sqrt(squares) / (globals.get(step) ?? Number.NaN);
  });
  return medianOfSorted(ratios.filter(Number.isFinite).toSorted());
}

function limitsOfAdaGc({ rows }: TensorNorms): Float64Array {
  const clipper = createAdaGc();
  measureClipper({ rows, start: 0 }, clipper);
  return clipper.limits();
}
