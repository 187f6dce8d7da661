import { percent } from "#l10n/format.ts";
import { t } from "@vscode/l10n";
import { createAdaGc } from "./adaGc.ts";
import type { ClipCandidate, ClipMethod } from "./candidate.ts";
import { measureClipper } from "./clipper.ts";
import type { Clipper, ClipperEffect } from "./clipper.ts";
import type { ClipHistory } from "./history.ts";
import { createOlmoRatio } from "./olmoRatio.ts";
import type { TensorNorms } from "./tensorNorms.ts";
import { createZClip } from "./zClip.ts";

/** Limits that follow the norms, replayed step by step. Those per tensor need norms of tensors. */
export function adaptiveCandidates(history: ClipHistory, tensors: TensorNorms | undefined): readonly ClipCandidate[] {
  const global = { rows: [history.norms], start: history.start };
  return [
    candidateOf(global, {
      method: "zclip",
      clipper: createZClip(),
      warmUp: 25,
      reason: ({ clippedSteps, steps }) =>
        t("ZClip (z above 2.5; without its fixed limit) would have acted on {0} of {1} steps.", clippedSteps, steps),
    }),
    ...(tensors === undefined
      ? []
      : TENSOR_CLIPPERS.map((one) => candidateOf(tensors, { ...one, clipper: one.create() }))),
  ].flat();
}

interface Replay {
  readonly method: ClipMethod;
  readonly clipper: Clipper;
  /** Steps at the beginning in which it only watches, or clips in another way. */
  readonly warmUp: number;
  readonly reason: (effect: ClipperEffect) => string;
}

const [OLMO_RATIO, OLMO_SMOOTHING] = [2, 0.95];

const TENSOR_CLIPPERS: readonly (Omit<Replay, "clipper"> & { readonly create: () => Clipper })[] = [
  {
    method: "adagc",
    create: createAdaGc,
    warmUp: 100,
    reason: ({ clippedShare, cosine, lowestCosine }) =>
      t(
        "AdaGC (each tensor at most 1.05 × its running norm) would have cut {0} of all tensors' norms; cosine with the unclipped gradient {1} in the median, {2} at worst.",
        percent(clippedShare),
        cosine.toFixed(3),
        lowestCosine.toFixed(3),
      ),
  },
  {
    method: "olmoRatio",
    create: () => createOlmoRatio({ ratio: OLMO_RATIO, smoothing: OLMO_SMOOTHING }),
    warmUp: 1,
    reason: ({ clippedShare, cosine, lowestCosine }) =>
      t(
        "OLMo's clipping by ratio (each tensor at most {0} × its running norm, smoothing {1}) would have cut {2} of all tensors' norms; cosine with the unclipped gradient {3} in the median, {4} at worst.",
        OLMO_RATIO,
        OLMO_SMOOTHING,
        percent(clippedShare),
        cosine.toFixed(3),
        lowestCosine.toFixed(3),
      ),
  },
];

function candidateOf({ rows, start }: Pick<TensorNorms, "rows" | "start">, replay: Replay): ClipCandidate[] {
  const from = Math.max(start, replay.warmUp);
  if ((rows[0]?.length ?? 0) <= from) {
    return [];
  }
  const effect = measureClipper({ rows, start: from }, replay.clipper);
  const { clippedShare, meanCoefficient, retainedLength } = effect;
  const reason = replay.reason(effect);
  return [{ method: replay.method, maxNorm: null, clippedShare, meanCoefficient, retainedLength, reason }];
}
