import { replayNote } from "#analysis/clipping/advice.ts";
import type { ClipAdvice } from "#analysis/clipping/advice.ts";
import type { ClipCandidate } from "#analysis/clipping/candidate.ts";
import type { Caution } from "#analysis/clipping/cautions.ts";
import type { ClipState } from "#analysis/clipping/clipState.ts";
import type { ClipThreshold } from "#core/log.ts";
import type { ChosenNorm } from "./chooseNorm.ts";

/** What the advice is about. */
export interface ClipContext {
  /** The PATH that was given. */
  readonly source: string;
  readonly norm: Pick<ChosenNorm, "name" | "others">;
  /** Null also where the log does not say that it is of this norm. */
  readonly threshold: ClipThreshold | null;
  /** With a limit for each tensor. */
  readonly isPerTensor: boolean;
}

interface TensorLimit {
  readonly name: string;
  readonly maxNorm: number;
  readonly clippedShare: number;
}

/** What `gradlens clip --json` prints. */
interface ClipDocument {
  readonly schema: "gradlens/clip@1";
  readonly source: string;
  /** The global norm that the advice is about, as the log spells it; null where there is none. */
  readonly norm: string | null;
  /** Logged norms that count. */
  readonly steps: number;
  readonly leftOut: Readonly<
    Record<"warmUp" | "beforeChange" | "older" | "nan" | "infinite" | "zero" | "negative", number>
  >;
  readonly clipState: ClipState;
  readonly clipStateReason: string;
  readonly clipThreshold: ClipThreshold | null;
  readonly candidates: readonly ClipCandidate[];
  readonly tensors?: readonly TensorLimit[];
  /** Of the gradient clipped per tensor with the gradient: at the median step, and at the worst. */
  readonly cosine?: number;
  readonly lowestCosine?: number;
  readonly cautions: readonly Caution[];
  readonly note: string;
  readonly refused?: string;
}

export function clipDocumentOf(
  advice: ClipAdvice,
  { source, norm, threshold, isPerTensor }: ClipContext,
): ClipDocument {
  const { history, steps, verdict, candidates, cautions, refused } = advice;
  const { warmUp, beforeChange, older, nan, infinite, zero, negative } = history;
  return {
    schema: "gradlens/clip@1",
    source,
    norm: norm.name,
    steps,
    leftOut: { warmUp, beforeChange, older, nan, infinite, zero, negative },
    clipState: verdict.state,
    clipStateReason: verdict.message,
    clipThreshold: threshold,
    candidates,
    ...(isPerTensor ? limitsOf(advice) : {}),
    cautions,
    note: replayNote(),
    ...(refused === undefined ? {} : { refused: refused.message }),
  };
}

function limitsOf({ tensors }: ClipAdvice): Pick<ClipDocument, "tensors" | "cosine" | "lowestCosine"> {
  if (tensors === undefined) {
    return {};
  }
  const [{ limits, effect }] = tensors.plans;
  return {
    tensors: tensors.names.map((name, index) => ({
      name,
      maxNorm: limits[index] ?? Infinity,
      clippedShare: effect.clippedShares[index] ?? 0,
    })),
    cosine: effect.cosine,
    lowestCosine: effect.lowestCosine,
  };
}
